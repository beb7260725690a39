//! What the identity provider's port promises, in three parts: accounts, first passwords, authenticators.
//! The first part asks nothing of its bench that a peer without mail and sign-in pages could not do.

use async_trait::async_trait;
use domain::{
    id::UserId,
    identity::{Account, Identity, IdentityError, Username},
    registration::Email,
};

/// What makes an identity provider's surroundings do something.
#[async_trait]
pub trait IdentityBench: Sync {
    /// Somebody makes an account for this address in the provider's own console, without our marker.
    async fn makes_a_foreign_account(&self, email: &str);
    /// The person replaces the first password by one of their own.
    async fn chooses_a_password(&self, email: &str);
}

/// The same, where mail can be read and people can sign in.
#[async_trait]
pub trait SignInBench: IdentityBench {
    /// The first passwords that were mailed to the address, oldest first.
    async fn first_passwords(&self, email: &str) -> Vec<String>;
    /// Whether the provider takes this password as the first step of a sign-in.
    async fn lets_in(&self, email: &str, password: &str) -> bool;
    /// The person, who has a password of their own, registers an authenticator.
    async fn sets_up_an_authenticator(&self, email: &str);
    /// Whether an authenticator is registered.
    async fn has_an_authenticator(&self, email: &str) -> bool;
    /// The next creation takes effect, and its answer is lost.
    async fn loses_the_next_answer_to_a_creation(&self);
}

fn user(number: u128) -> UserId {
    UserId::from_uuid(uuid::Uuid::from_u128(number))
}

fn address(text: &str) -> Email {
    text.parse().expect("an address")
}

async fn create(identity: &dyn Identity, number: u128, email: &str) -> Account {
    let made = identity.create(user(number), &address(email)).await;
    made.unwrap_or_else(|error| panic!("no account for {email}: {error}"))
}

async fn get(identity: &dyn Identity, username: &Username) -> Account {
    identity.get(username).await.expect("an account")
}

/// One account an address, found again by our marker and never taken from anybody else; switched off, on, and gone.
pub async fn identity_contract(identity: &dyn Identity, bench: &dyn IdentityBench) {
    let email = "ann@contract.example";
    let fresh = create(identity, 1, email).await;
    assert!(fresh.enabled && !fresh.confirmed, "{fresh:?}");
    assert_eq!(create(identity, 1, email).await, fresh, "made once");
    assert_eq!(get(identity, &fresh.username).await, fresh);
    let other = create(identity, 2, "bob@contract.example").await;
    assert_ne!(other.username, fresh.username);

    for taken in [identity.create(user(3), &address(email)).await, {
        bench.makes_a_foreign_account("eve@contract.example").await;
        let theirs = address("eve@contract.example");
        identity.create(user(4), &theirs).await
    }] {
        assert!(matches!(taken, Err(IdentityError::Foreign)), "{taken:?}");
    }
    assert_eq!(get(identity, &fresh.username).await, fresh, "left alone");
    for (number, address_of, found) in [
        (1, email, Some(&fresh)),
        (2, email, None),
        (4, "eve@contract.example", None),
        (5, "nobody@contract.example", None),
    ] {
        let found_there = identity.find(user(number), &address(address_of)).await;
        assert_eq!(found_there.expect("looks").as_ref(), found, "{address_of}");
    }

    let name = &fresh.username;
    for _ in 0..2 {
        identity.disable(name).await.expect("disables");
        assert!(!get(identity, name).await.enabled);
    }
    let adopted = create(identity, 1, email).await;
    assert!(!adopted.enabled, "adopting changes nothing");
    assert_eq!(get(identity, &other.username).await, other);
    for _ in 0..2 {
        identity.enable(name).await.expect("enables");
        assert_eq!(get(identity, name).await, fresh);
    }
    identity.sign_out(name).await.expect("signs out");

    bench.chooses_a_password(email).await;
    assert!(get(identity, name).await.confirmed);
    let late = identity.resend(name).await;
    assert!(
        matches!(late, Err(IdentityError::AlreadySignedIn)),
        "{late:?}"
    );
    assert!(create(identity, 1, email).await.confirmed);

    for _ in 0..2 {
        identity.delete(name).await.expect("deletes, and again");
    }
    for outcome in [
        identity.get(name).await.map(drop),
        identity.resend(name).await,
        identity.enable(name).await,
        identity.disable(name).await,
        identity.sign_out(name).await,
        identity.reset_authenticator(name).await,
    ] {
        assert!(
            matches!(outcome, Err(IdentityError::Unknown)),
            "{outcome:?}"
        );
    }
    let again = create(identity, 1, email).await;
    assert_ne!(again.username, fresh.username, "another account");
    assert!(!again.confirmed);
}

/// One first password is mailed for one creation, however often it is repeated and whatever is lost; a resend voids the one before.
pub async fn first_password_contract(identity: &dyn Identity, bench: &dyn SignInBench) {
    let email = "carol@contract.example";
    bench.loses_the_next_answer_to_a_creation().await;
    // An adapter that tries again on its own gets to know that it worked; one that does not says so.
    let first = identity.create(user(11), &address(email)).await;
    assert!(
        matches!(first, Ok(_) | Err(IdentityError::Lost(_))),
        "{first:?}"
    );
    let account = create(identity, 11, email).await;
    assert_eq!(
        create(identity, 11, "Carol@Contract.example").await,
        account
    );
    let mailed = bench.first_passwords(email).await;
    assert_eq!(mailed.len(), 1, "one mail for one account");
    assert!(bench.lets_in(email, &mailed[0]).await);
    assert!(!bench.lets_in(email, "a guess of somebody").await);

    identity
        .resend(&account.username)
        .await
        .expect("mails again");
    let mailed = bench.first_passwords(email).await;
    assert_eq!(mailed.len(), 2, "one mail for one resend");
    assert!(!bench.lets_in(email, &mailed[0]).await, "void");
    assert!(bench.lets_in(email, &mailed[1]).await);
    assert_eq!(get(identity, &account.username).await, account);

    identity.disable(&account.username).await.expect("disables");
    assert!(!bench.lets_in(email, &mailed[1]).await);
    identity.enable(&account.username).await.expect("enables");
    assert!(bench.lets_in(email, &mailed[1]).await);
}

/// An authenticator is forgotten, the password is not; who has none loses none.
pub async fn authenticator_contract(identity: &dyn Identity, bench: &dyn SignInBench) {
    let email = "dave@contract.example";
    let name = create(identity, 21, email).await.username;
    let reset = async || identity.reset_authenticator(&name).await.expect("resets");
    reset().await;
    bench.chooses_a_password(email).await;
    reset().await;
    bench.sets_up_an_authenticator(email).await;
    assert!(bench.has_an_authenticator(email).await);
    let before = get(identity, &name).await;
    for _ in 0..2 {
        reset().await;
        assert!(!bench.has_an_authenticator(email).await);
    }
    assert_eq!(get(identity, &name).await, before);
    bench.sets_up_an_authenticator(email).await;
    assert!(bench.has_an_authenticator(email).await, "a new one");
}
