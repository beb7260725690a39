//! A person with a browser: signs in, signs out, invites others, and does what people do in the console.

use serde_json::{Value, json};

use crate::{
    Answer, Client, TestApp,
    login::{Back, Passing},
};

/// Somebody with an address and a browser.
#[derive(Debug)]
pub struct Person<'t> {
    pub(crate) t: &'t TestApp,
    /// Their address.
    pub email: String,
    /// Their browser.
    pub browser: Client,
}

impl TestApp {
    /// Somebody with an address; nothing is known of them yet.
    pub fn person(&self, email: &str) -> Person<'_> {
        self.logs.keep_secret(email);
        Person {
            t: self,
            email: email.to_owned(),
            browser: self.anonymous(),
        }
    }

    /// A member of the buyer's tenant with this role, invited by its owner and signed in.
    pub async fn member(&self, owner: &Client, email: &str, role: &str) -> Person<'_> {
        let person = self.person(email);
        person.is_invited_by(owner, role).await;
        person.accepts("Ben Builder").await;
        self.run_until_quiet().await;
        person.signs_in().await;
        person
    }

    /// A way past the sign-in page for this address, as an account of the pool.
    pub fn passing(&self, email: &str) -> Passing {
        let account = self.identity.account(email);
        let username = account.map_or_else(
            || format!("nobody-{}", email.len()),
            |account| account.username.0,
        );
        Passing {
            username,
            email: email.to_owned(),
            groups: Vec::new(),
            federated: false,
            seconds_ago: 0,
        }
    }

    /// The vendor's operator, signed in.
    pub async fn signed_in_operator(&self, email: &str) -> Person<'_> {
        let person = self.person(email);
        let username = self.identity.foreign_account(email).0;
        let passing = Passing {
            groups: vec!["operators".to_owned()],
            username,
            ..self.passing(email)
        };
        let _ = person.signs_in_as(passing).await.expect(303);
        person
    }
}

impl Person<'_> {
    /// Signs in, as far as our own first page.
    pub async fn signs_in(&self) {
        sign_in(self.t, &self.browser, &self.email).await;
    }

    /// Signs in as somebody else, or in another way; answers what the callback says.
    pub async fn signs_in_as(&self, passing: Passing) -> Answer {
        let back = self.goes_to_sign_in(passing, "/login").await;
        self.browser.get(&back.path()).await
    }

    /// Goes through the sign-in page and stops at the way back.
    pub async fn goes_to_sign_in(&self, passing: Passing, path: &str) -> Back {
        let answer = self.browser.get(path).await.expect(303);
        self.t.login.passes(answer.header("location"), passing)
    }

    /// The secret of the newest invitation in their mailbox.
    pub fn invitation_link(&self) -> String {
        let mails = self.t.mailer.mails_to(&self.email);
        let link = mails
            .iter()
            .rev()
            .find_map(|mail| {
                let (_, rest) = mail.text.split_once("/invitations/")?;
                rest.split_whitespace().next().map(str::to_owned)
            })
            .expect("an invitation in the mailbox");
        self.t.logs.keep_secret(&link);
        link
    }

    /// Is invited with this role, and the mail has come.
    pub async fn is_invited_by(&self, owner: &Client, role: &str) {
        let body = json!({"email": self.email, "role": role});
        let _ = owner.post("/api/v1/invitations", &body).await.expect(201);
        self.t.run_until_quiet().await;
    }

    /// Accepts the newest invitation.
    pub async fn accepts(&self, name: &str) {
        let path = format!("/invitations/{}", self.invitation_link());
        let _ = self.browser.get(&path).await.expect(200);
        let _ = self
            .browser
            .post_form(&path, &[("name", name)])
            .await
            .expect(200);
    }

    /// Their own account, as the API tells it.
    pub async fn account(&self) -> Value {
        self.browser.get("/api/v1/account").await.expect(200).json()
    }
}

/// Signs this browser in under the address.
pub(crate) async fn sign_in(t: &TestApp, browser: &Client, email: &str) {
    let answer = browser.get("/login").await.expect(303);
    let back = t.login.passes(answer.header("location"), t.passing(email));
    let _ = browser.get(&back.path()).await.expect(303);
    let secret = browser.cookie("__Host-session").expect("a session");
    t.logs.keep_secret(&secret);
}
