"""Pure rules of accounts receivable: money, dates, aging, permissions. Standard library only."""
