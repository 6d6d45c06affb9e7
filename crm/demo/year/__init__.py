"""The district's last full year, told day by day by those who did it: its events are what the yearly figures are made of."""
