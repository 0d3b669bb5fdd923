"""The numbers that each tab of the page draws, as frozen records."""
