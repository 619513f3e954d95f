"""What the dashboards read: history by day and ready sums, taken in from the event chains."""
