"""Who somebody is: national IDs, accounts, passwords, sessions."""
