"""What process analysts take away: object-centric and case logs of what happened, and one lead as a workbook."""
