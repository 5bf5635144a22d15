"""What has happened in the sample firm's portal: payments, plans, portal users, promises."""
