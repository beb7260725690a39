//! Groups and who is in them.

use serde_json::{Value, json};

use super::{
    input::Input,
    list,
    state::{Group, PoolEntry, User},
    users,
};
use crate::{
    error::AwsError,
    sim::{Change, Sim},
};

fn described(sim: &Sim, group: &Group) -> Value {
    let mut out = json!({
        "GroupName": group.name,
        "UserPoolId": sim.settings.pool.id,
        "CreationDate": group.created_ms / 1000,
        "LastModifiedDate": group.created_ms / 1000,
    });
    if let Some(text) = &group.description {
        out["Description"] = json!(text);
    }
    if let Some(number) = group.precedence {
        out["Precedence"] = json!(number);
    }
    if let Some(arn) = &group.role_arn {
        out["RoleArn"] = json!(arn);
    }
    out
}

fn found(c: &Change<'_>, input: Input<'_>) -> Result<Group, AwsError> {
    let name = input.required("GroupName", 128)?;
    c.pool
        .groups
        .get(name)
        .cloned()
        .ok_or_else(|| AwsError::client("ResourceNotFoundException", "Group not found."))
}

/// `CreateGroup`.
pub(super) fn create(sim: &Sim, c: &mut Change<'_>, input: Input<'_>) -> Result<Value, AwsError> {
    let name = input.required("GroupName", 128)?;
    if c.pool.groups.contains_key(name) {
        return Err(AwsError::client(
            "GroupExistsException",
            "A group with the name already exists.",
        ));
    }
    let group = Group {
        name: name.to_owned(),
        description: input.text("Description", 2048)?.map(ToOwned::to_owned),
        precedence: input.number("Precedence"),
        role_arn: input.text("RoleArn", 2048)?.map(ToOwned::to_owned),
        created_ms: sim.clock.business_ms(),
    };
    let shown = described(sim, &group);
    PoolEntry::Group(group).put(c);
    Ok(json!({ "Group": shown }))
}

/// `GetGroup`.
pub(super) fn get(sim: &Sim, c: &Change<'_>, input: Input<'_>) -> Result<Value, AwsError> {
    Ok(json!({"Group": described(sim, &found(c, input)?)}))
}

/// `AdminAddUserToGroup` and `AdminRemoveUserFromGroup`; both may be repeated.
pub(super) fn member(
    sim: &Sim,
    c: &mut Change<'_>,
    input: Input<'_>,
    belongs: bool,
) -> Result<Value, AwsError> {
    let mut user = input.user(&c.pool)?;
    let group = found(c, input)?;
    if belongs {
        user.groups.insert(group.name);
    } else {
        user.groups.remove(&group.name);
    }
    user.modified_ms = sim.clock.business_ms();
    PoolEntry::User(user).put(c);
    Ok(json!({}))
}

/// `AdminListGroupsForUser`; a user of this pool has so few groups that they fit one page.
pub(super) fn of_user(sim: &Sim, c: &Change<'_>, input: Input<'_>) -> Result<Value, AwsError> {
    let user = input.user(&c.pool)?;
    input.limit()?;
    let groups: Vec<Value> = user
        .groups
        .iter()
        .filter_map(|name| c.pool.groups.get(name))
        .map(|g| described(sim, g))
        .collect();
    Ok(json!({ "Groups": groups }))
}

/// `ListUsersInGroup`.
pub(super) fn users_in(c: &Change<'_>, input: Input<'_>) -> Result<Value, AwsError> {
    let group = found(c, input)?;
    let all: Vec<&User> = c
        .pool
        .users
        .values()
        .filter(|u| u.groups.contains(&group.name))
        .collect();
    let (page, next) = list::page(&all, input, "NextToken")?;
    let shown: Vec<Value> = page
        .iter()
        .map(|u| users::described(u, "Attributes"))
        .collect();
    let mut out = json!({ "Users": shown });
    if let Some(next) = next {
        out["NextToken"] = json!(next);
    }
    Ok(out)
}
