//! A browser without script: it keeps one cookie, fills in forms, and follows nothing by itself; and the client's back end.

use std::collections::BTreeMap;

use aws_lc_rs::{
    digest,
    signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents},
};
use aws_sim::cognito::totp;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

use super::{Running, SECRET, body_of, status_of};

pub(crate) const CALLBACK: &str = "http://127.0.0.1:8080/callback";
pub(crate) const VERIFIER: &str = "a-verifier-of-more-than-forty-three-characters-in-all";
/// The moment at which the clock of these tests stands still: the middle of a step.
pub(crate) const NOW: i64 = 1_790_000_025_000;
pub(crate) const PASSWORD: &str = "a password of their own";

pub(crate) struct Visitor<'a> {
    pub(crate) sim: &'a Running,
    cookie: Option<String>,
}

/// One answer, taken apart.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: String,
    pub(crate) location: String,
    pub(crate) page: String,
}

impl Answer {
    /// The value of a hidden field, or an empty text.
    pub(crate) fn field(&self, name: &str) -> String {
        between(&self.page, &format!("name=\"{name}\" value=\""), "\"")
    }

    /// What the page complains of.
    pub(crate) fn message(&self) -> String {
        between(&self.page, "id=\"message\">", "</p>")
    }

    /// The authenticator key that the page shows.
    pub(crate) fn secret(&self) -> String {
        between(&self.page, "<code id=\"secret\">", "</code>")
    }

    /// Where the form goes.
    pub(crate) fn action(&self) -> String {
        between(&self.page, "action=\"", "\"").replace("&amp;", "&")
    }

    /// A member of the address it redirects to.
    pub(crate) fn given(&self, name: &str) -> Option<String> {
        let (_, query) = self.location.split_once('?')?;
        form_urlencoded::parse(query.as_bytes())
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.into_owned())
    }
}

fn between(text: &str, before: &str, after: &str) -> String {
    text.split_once(before)
        .and_then(|(_, rest)| rest.split_once(after))
        .map_or_else(String::new, |(found, _)| found.to_owned())
}

fn encoded(members: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(members)
        .finish()
}

/// The address of an authorization request, with more or other members.
pub(crate) fn authorize(more: &[(&str, &str)]) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, VERIFIER.as_bytes()));
    let mut members = BTreeMap::from([
        ("response_type", "code"),
        ("client_id", "payphoneconsole"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid email"),
        ("state", "st&te"),
        ("nonce", "n0nce"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ]);
    members.extend(more.iter().copied());
    members.retain(|_, value| !value.is_empty());
    let members: Vec<(&str, &str)> = members.into_iter().collect();
    format!("/oauth2/authorize?{}", encoded(&members))
}

impl<'a> Visitor<'a> {
    pub(crate) fn new(sim: &'a Running) -> Self {
        Self { sim, cookie: None }
    }

    async fn ask(&mut self, method: &str, path: &str, body: &str) -> Answer {
        let cookie = self.cookie.as_deref().unwrap_or_default();
        let headers = format!(
            "content-type: application/x-www-form-urlencoded\r\ncookie: other=1; cognito={cookie}\r\n"
        );
        let text = self.sim.send(method, path, &headers, body).await;
        let header = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                .unwrap_or_default()
                .to_owned()
        };
        if let Some(value) = header("set-cookie").strip_prefix("cognito=") {
            let value = value.split(';').next().unwrap_or_default();
            self.cookie = Some(value.to_owned()).filter(|v| !v.is_empty());
        }
        Answer {
            status: status_of(&text).to_owned(),
            location: header("location"),
            page: body_of(&text).to_owned(),
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, "").await
    }

    pub(crate) async fn post(&mut self, path: &str, members: &[(&str, &str)]) -> Answer {
        self.ask("POST", path, &encoded(members)).await
    }

    /// Fills in the form of a page, its hidden session included.
    pub(crate) async fn fill(&mut self, page: &Answer, members: &[(&str, &str)]) -> Answer {
        let session = page.field("session");
        let mut all = vec![("session", session.as_str())];
        all.extend(members.iter().copied());
        self.post(&page.action(), &all).await
    }

    /// The sign-in page that an authorization request leads to.
    pub(crate) async fn at_sign_in(&mut self, more: &[(&str, &str)]) -> Answer {
        let sent = self.get(&authorize(more)).await;
        assert!(sent.location.starts_with("/login?"), "{sent:?}");
        self.get(&sent.location).await
    }

    pub(crate) async fn enter(&mut self, email: &str, password: &str) -> Answer {
        let page = self.at_sign_in(&[]).await;
        self.fill(&page, &[("username", email), ("password", password)])
            .await
    }

    /// Gives the password although the browser has a session.
    pub(crate) async fn enter_again(&mut self, email: &str) -> Answer {
        let page = self.at_sign_in(&[("prompt", "login")]).await;
        self.fill(&page, &[("username", email), ("password", PASSWORD)])
            .await
    }

    /// Signs in for the first time with a permanent password; answers the key of the authenticator that was set up.
    pub(crate) async fn first_sign_in(&mut self, email: &str) -> (String, Answer) {
        let page = self.enter(email, PASSWORD).await;
        let secret = page.secret();
        let code = totp::code(&secret, totp::step(NOW) - 1).unwrap();
        let done = self.fill(&page, &[("code", &code)]).await;
        assert!(done.location.starts_with(CALLBACK), "{done:?}");
        (secret, done)
    }

    /// A code for the client by way of the browser session.
    pub(crate) async fn silently(&mut self) -> String {
        self.get(&authorize(&[])).await.given("code").unwrap()
    }
}

impl Running {
    /// The token endpoint, as the client's back end.
    pub(crate) async fn token(&self, members: &[(&str, &str)]) -> Value {
        let basic = STANDARD.encode(format!("payphoneconsole:{SECRET}"));
        let headers = format!(
            "content-type: application/x-www-form-urlencoded\r\nauthorization: Basic {basic}\r\n"
        );
        let text = self
            .send("POST", "/oauth2/token", &headers, &encoded(members))
            .await;
        serde_json::from_str(body_of(&text)).unwrap_or(Value::Null)
    }

    pub(crate) async fn redeem(&self, code: &str, verifier: &str) -> Value {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", verifier),
        ])
        .await
    }

    pub(crate) async fn refresh(&self, tokens: &Value) -> Value {
        let token = tokens["refresh_token"].as_str().unwrap();
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)])
            .await
    }

    /// Runs an operation of the user pool; an error is its code.
    pub(crate) async fn cognito(&self, operation: &str, mut body: Value) -> Result<Value, String> {
        body["UserPoolId"] = json!("us-east-1_PayphoneD");
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        let text = self.aws(&target, "cognito-idp", &body).await;
        let value: Value = serde_json::from_str(body_of(&text)).unwrap();
        match value["__type"].as_str() {
            Some(code) => Err(code.to_owned()),
            None => Ok(value),
        }
    }

    /// A user with a password of their own.
    pub(crate) async fn user(&self, email: &str) -> String {
        let made = self
            .cognito(
                "AdminCreateUser",
                json!({"Username": email, "MessageAction": "SUPPRESS",
                       "UserAttributes": [{"Name": "email_verified", "Value": "true"}]}),
            )
            .await
            .unwrap();
        self.cognito(
            "AdminSetUserPassword",
            json!({"Username": email, "Password": PASSWORD, "Permanent": true}),
        )
        .await
        .unwrap();
        made["User"]["Username"].as_str().unwrap().to_owned()
    }

    /// The claims of a token, verified by the published keys as any client would.
    pub(crate) async fn verified(&self, token: &str) -> Option<Value> {
        let text = self
            .send("GET", "/us-east-1_PayphoneD/.well-known/jwks.json", "", "")
            .await;
        let keys: Value = serde_json::from_str(body_of(&text)).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let header: Value = serde_json::from_slice(&bytes(header)).unwrap();
        assert_eq!(header["alg"], "RS256");
        let key = keys["keys"]
            .as_array()
            .unwrap()
            .iter()
            .find(|k| k["kid"] == header["kid"])?;
        let part = |name: &str| bytes(key[name].as_str().unwrap());
        RsaPublicKeyComponents {
            n: part("n"),
            e: part("e"),
        }
        .verify(
            &RSA_PKCS1_2048_8192_SHA256,
            signed.as_bytes(),
            &bytes(signature),
        )
        .unwrap();
        Some(serde_json::from_slice(&bytes(claims)).unwrap())
    }
}
