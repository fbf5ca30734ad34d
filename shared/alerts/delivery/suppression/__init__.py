"""The suppression list: addresses that bounced for good or complained. Nothing is sent to them."""
