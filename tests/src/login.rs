//! Managed login, played: the sign-in page of the identity provider, its tokens under throw-away keys, and what goes wrong with it.
//! People pass the page by name; which account that is, [`crate::identity`] knows.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oidc::{LoginError, ManagedLogin, Settings, Tokens, testing::Signer};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

use crate::clock::TestClock;

/// Who passes the sign-in page, and how.
#[derive(Debug, Clone)]
pub struct Passing {
    /// The provider's name of them.
    pub username: String,
    /// Their address.
    pub email: String,
    /// Their groups in the pool.
    pub groups: Vec<String>,
    /// Whether another provider signed them in.
    pub federated: bool,
    /// How long ago, in seconds, the page last asked them who they are.
    pub seconds_ago: i64,
}

/// What the page brings the browser back with.
#[derive(Debug, Clone)]
pub struct Back {
    /// The code.
    pub code: String,
    /// Our state.
    pub state: String,
}

impl Back {
    /// The address to come back to.
    pub fn path(&self) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("code", &self.code)
            .append_pair("state", &self.state)
            .finish();
        format!("/callback?{query}")
    }
}

/// Managed login, played.
pub struct FakeLogin {
    clock: TestClock,
    settings: Settings,
    state: Mutex<State>,
}

impl std::fmt::Debug for FakeLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeLogin").finish_non_exhaustive()
    }
}

#[derive(Default)]
struct State {
    codes: HashMap<String, Grant>,
    refresh: HashMap<String, Passing>,
    revoked: HashSet<String>,
    signed_out: HashSet<String>,
    groups: HashMap<String, Vec<String>>,
    count: usize,
    second_key: bool,
    down: bool,
    keys_down: bool,
    tamper: Option<fn(&mut Value)>,
    gate: Option<Gate>,
    fetches: usize,
}

/// Tells that somebody arrived, and waits until they may go on.
struct Gate {
    arrived: oneshot::Sender<()>,
    go_on: oneshot::Receiver<()>,
}

struct Grant {
    passing: Passing,
    nonce: String,
    challenge: String,
}

impl FakeLogin {
    /// A login page for this app client.
    pub fn new(clock: TestClock, settings: Settings) -> Self {
        Self {
            clock,
            settings,
            state: Mutex::default(),
        }
    }

    /// The app client as we are told of it.
    pub fn settings(public_url: &str) -> Settings {
        Settings {
            redirect_uri: format!("{public_url}/callback"),
            logout_uri: format!("{public_url}/"),
            ..oidc::testing::settings()
        }
    }

    /// The person passes the page that `/login` sent the browser to.
    pub fn passes(&self, url: &str, passing: Passing) -> Back {
        let query = url.split_once('?').map(|(_, query)| query);
        let query: HashMap<String, String> =
            form_urlencoded::parse(query.unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        assert_eq!(query["client_id"], self.settings.client_id);
        assert_eq!(query["redirect_uri"], self.settings.redirect_uri);
        assert_eq!(query["code_challenge_method"], "S256");
        let mut state = self.state();
        state.count += 1;
        let code = format!("code-{}", state.count);
        let grant = Grant {
            passing,
            nonce: query["nonce"].clone(),
            challenge: query["code_challenge"].clone(),
        };
        state.codes.insert(code.clone(), grant);
        Back {
            code,
            state: query["state"].clone(),
        }
    }

    /// The claims of the next ID tokens are changed like this before they are signed.
    pub fn tampers(&self, change: Option<fn(&mut Value)>) {
        self.state().tamper = change;
    }

    /// It signs with its second key from now on; the first stays in the set.
    pub fn rotates(&self) {
        self.state().second_key = true;
    }

    /// It does not answer until it does again.
    pub fn is_down(&self, down: bool) {
        self.state().down = down;
    }

    /// Its key set is not to be had until it is again; everything else works.
    pub fn keys_are_down(&self, down: bool) {
        self.state().keys_down = down;
    }

    /// The next refresh is worked out and then held back: what is answered tells that it is, and what lets it go.
    pub fn holds_a_refresh(&self) -> (oneshot::Receiver<()>, oneshot::Sender<()>) {
        let (arrived, is_held) = oneshot::channel();
        let (let_go, go_on) = oneshot::channel();
        self.state().gate = Some(Gate { arrived, go_on });
        (is_held, let_go)
    }

    /// How many refresh tokens are good: given out, and not revoked.
    pub fn live_tokens(&self) -> usize {
        let state = self.state();
        let tokens = state.refresh.keys();
        tokens
            .filter(|token| !state.revoked.contains(*token))
            .count()
    }

    /// Whether every refresh token that was given out has been revoked.
    pub fn all_revoked(&self) -> bool {
        let state = self.state();
        state
            .refresh
            .keys()
            .all(|token| state.revoked.contains(token))
    }

    /// How often the key set was asked for.
    pub fn fetches(&self) -> usize {
        self.state().fetches
    }

    /// Everything the person had is ended over there: nothing is refreshed any more.
    pub fn ends(&self, username: &str) {
        self.state().signed_out.insert(username.to_owned());
    }

    /// The person's groups are these from now on.
    pub fn regroups(&self, username: &str, groups: &[&str]) {
        let groups = groups.iter().map(|group| (*group).to_owned()).collect();
        self.state().groups.insert(username.to_owned(), groups);
    }

    /// Every token and code that was given out: none may be in a log or a table.
    pub fn secrets(&self) -> Vec<String> {
        let state = self.state();
        state.refresh.keys().cloned().collect()
    }

    fn tokens(&self, state: &mut State, passing: &Passing, nonce: &str) -> Tokens {
        let now = self.clock.real_now().timestamp();
        let mut id = oidc::testing::id_claims();
        let mut access = oidc::testing::access_claims();
        for claims in [&mut id, &mut access] {
            claims["sub"] = json!(passing.username);
            claims["auth_time"] = json!(now - passing.seconds_ago);
            claims["iat"] = json!(now);
            claims["exp"] = json!(now + 900);
            claims["cognito:groups"] = json!(passing.groups);
        }
        id["cognito:username"] = json!(passing.username);
        access["username"] = json!(passing.username);
        id["email"] = json!(passing.email);
        id["nonce"] = json!(nonce);
        if passing.federated {
            id["identities"] = json!([{"providerName": "Corp", "userId": "x"}]);
        }
        if let Some(tamper) = state.tamper {
            tamper(&mut id);
        }
        let signer = if state.second_key {
            Signer::second()
        } else {
            Signer::first()
        };
        let refresh = format!("refresh-token-{}-of-the-tests", state.refresh.len());
        state.refresh.insert(refresh.clone(), passing.clone());
        Tokens {
            id_token: SecretString::from(signer.sign(&id)),
            access_token: SecretString::from(signer.sign(&access)),
            refresh_token: Some(SecretString::from(refresh)),
        }
    }

    fn refreshed(&self, refresh_token: &SecretString) -> Result<Tokens, LoginError> {
        let mut state = self.state();
        let token = refresh_token.expose_secret();
        if state.down {
            return Err(LoginError::Busy("all hands busy".to_owned()));
        }
        let mut passing = state
            .refresh
            .get(token)
            .filter(|_| !state.revoked.contains(token))
            .filter(|passing| !state.signed_out.contains(&passing.username))
            .cloned()
            .ok_or(LoginError::SignInAgain)?;
        if let Some(groups) = state.groups.get(&passing.username) {
            passing.groups.clone_from(groups);
        }
        Ok(self.tokens(&mut state, &passing, ""))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl ManagedLogin for FakeLogin {
    async fn exchange(
        &self,
        code: &SecretString,
        verifier: &SecretString,
    ) -> Result<Tokens, LoginError> {
        let mut state = self.state();
        if state.down {
            return Err(LoginError::Busy("all hands busy".to_owned()));
        }
        let grant = state
            .codes
            .remove(code.expose_secret())
            .ok_or(LoginError::SignInAgain)?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose_secret().as_bytes()));
        if challenge != grant.challenge {
            return Err(LoginError::SignInAgain);
        }
        Ok(self.tokens(&mut state, &grant.passing, &grant.nonce))
    }

    async fn refresh(&self, refresh_token: &SecretString) -> Result<Tokens, LoginError> {
        let (tokens, gate) = (self.refreshed(refresh_token), self.state().gate.take());
        if let Some(gate) = gate {
            let _ = gate.arrived.send(());
            let _ = gate.go_on.await;
        }
        tokens
    }

    async fn revoke(&self, refresh_token: &SecretString) -> Result<(), LoginError> {
        let mut state = self.state();
        if state.down {
            return Err(LoginError::Busy("all hands busy".to_owned()));
        }
        state
            .revoked
            .insert(refresh_token.expose_secret().to_owned());
        Ok(())
    }

    async fn jwks(&self) -> Result<Vec<u8>, LoginError> {
        let mut state = self.state();
        state.fetches += 1;
        if state.down || state.keys_down {
            return Err(LoginError::Busy("all hands busy".to_owned()));
        }
        let (first, second) = (Signer::first(), Signer::second());
        Ok(if state.second_key {
            oidc::testing::jwks(&[&first, &second])
        } else {
            oidc::testing::jwks(&[&first])
        })
    }
}
