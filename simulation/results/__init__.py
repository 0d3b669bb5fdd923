"""Frozen records of the numbers that each tab of the page draws."""
