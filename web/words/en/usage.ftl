# Usage: the chart, the hours, their stories, the expected bill.
