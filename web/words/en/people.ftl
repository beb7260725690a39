# People: members, invitations, roles.
