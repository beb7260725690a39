//! A membership: which person is in which tenant, and as what. Ours alone; the identity provider knows nothing of it.
//! Invariant: a tenant keeps an owner who can get in, and nobody but an owner touches owners.

use crate::{
    Error, ErrorKind,
    id::{TenantId, UserId},
    role::Role,
    time::Timestamp,
    user::User,
};

/// One person in one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The tenant.
    pub tenant: TenantId,
    /// The person.
    pub user: UserId,
    /// As what.
    pub role: Role,
    /// Since when (business time).
    pub created_at: Timestamp,
    /// When the person first came in (real time).
    pub first_used_at: Option<Timestamp>,
}

/// A person as the tenant sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Role and since when.
    pub membership: Membership,
    /// Who it is.
    pub user: User,
    /// How many recovery codes are left.
    pub recovery_codes: u64,
}

/// Whether somebody with the role `actor` may make of a member who is `present` a member who is `next` (none: no member any more).
///
/// # Errors
/// `owners_only` (403) if an owner is touched or made by somebody else.
pub fn may_change(actor: Role, present: Option<Role>, next: Option<Role>) -> Result<(), Error> {
    let about_owners = present == Some(Role::Owner) || next == Some(Role::Owner);
    if about_owners && actor != Role::Owner {
        return Err(Error::new(
            ErrorKind::Forbidden,
            "owners_only",
            "Only an owner can make, change or remove an owner. Ask one of yours.",
        ));
    }
    Ok(())
}

/// Whether the tenant can do without this owner. Others count only if they have signed in at least once: an owner who never did may
/// never be able to.
///
/// # Errors
/// `last_owner` (409) if nobody else could get in.
pub fn keeps_an_owner(owners: &[Member], leaving: UserId) -> Result<(), Error> {
    let is_owner = |member: &&Member| member.membership.role == Role::Owner;
    let leaves_as_owner = owners
        .iter()
        .filter(is_owner)
        .any(|member| member.user.id == leaving);
    let other = owners
        .iter()
        .filter(is_owner)
        .any(|member| member.user.id != leaving && member.user.first_signed_in_at.is_some());
    if leaves_as_owner && !other {
        return Err(Error::new(
            ErrorKind::Conflict,
            "last_owner",
            "This is the last owner who can sign in. Make somebody else an owner first, and let them sign in once.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::Known;

    fn member(number: u128, role: Role, signed_in: bool) -> Member {
        let at: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let id = UserId::from_uuid(uuid::Uuid::from_u128(number));
        Member {
            membership: Membership {
                tenant: TenantId::from_uuid(uuid::Uuid::nil()),
                user: id,
                role,
                created_at: at,
                first_used_at: None,
            },
            user: User {
                id,
                email: "ann@harbour.example".parse().unwrap(),
                name: "Ann".to_owned(),
                username: None,
                known: Known::Enabled,
                operator: false,
                mailed_at: None,
                first_signed_in_at: signed_in.then_some(at),
                last_signed_in_at: None,
                trouble: None,
                created_at: at,
            },
            recovery_codes: 0,
        }
    }

    #[test]
    fn nobody_but_an_owner_touches_owners() {
        for actor in Role::ALL {
            for present in Role::ALL.map(Some).into_iter().chain([None]) {
                for next in Role::ALL.map(Some).into_iter().chain([None]) {
                    let owners = present == Some(Role::Owner) || next == Some(Role::Owner);
                    let allowed = may_change(actor, present, next).is_ok();
                    assert_eq!(allowed, actor == Role::Owner || !owners);
                }
            }
        }
    }

    #[test]
    fn the_last_owner_who_can_get_in_stays() {
        let (ann, ben) = (member(1, Role::Owner, true), member(2, Role::Owner, true));
        let never = member(3, Role::Owner, false);
        let admin = member(4, Role::Admin, true);
        let check = |members: &[&Member], leaving: &Member| {
            let members: Vec<_> = members.iter().map(|m| (*m).clone()).collect();
            keeps_an_owner(&members, leaving.user.id).map_err(|e| e.code())
        };
        assert_eq!(check(&[&ann, &ben], &ann), Ok(()));
        assert_eq!(check(&[&ann, &admin], &ann), Err("last_owner"));
        assert_eq!(check(&[&ann, &never], &ann), Err("last_owner"));
        assert_eq!(check(&[&ann, &never], &never), Ok(()));
        assert_eq!(check(&[&ann, &admin], &admin), Ok(()));
        assert_eq!(check(&[&never], &never), Err("last_owner"));
    }
}
