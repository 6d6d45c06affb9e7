"""The read side: what people look at, projected from the events; it can be thrown away and rebuilt."""
