# One's own account: tenants, browsers, recovery codes, invitations, help with signing in.
