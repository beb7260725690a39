//! The control plane's listeners on loopback ports, with the router and the layers that the binary puts around it.

use std::sync::Arc;

use control::App;
use domain::RealTime;
use http_api::{
    Http,
    limits::{Limits, LimitsConfig},
    registration_cookie::CookieKey,
};
use runtime::{
    client_address::TrustedProxies,
    lifecycle::Lifecycle,
    peer::{PeerKey, PeerSigner, PeerVerifier, read_jwk},
    serve::Bound,
    stack,
};
use secrecy::SecretString;

use crate::{
    clock::{TestClock, TestRealTime},
    login::FakeLogin,
};

/// What signs cookies in tests.
pub const COOKIE_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
/// The operator's bearer in tests.
pub const OPERATOR_TOKEN: &str = "operator-token-of-the-tests-and-of-nothing-else";

/// What a test may want otherwise than production has it.
#[derive(Debug, Clone, Default)]
pub struct Doors {
    /// How much one address or tenant may ask.
    pub limits: LimitsConfig,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<&'static str>,
    /// Whether what is there for development is there.
    pub development: bool,
}

impl Doors {
    /// Without the limits that a crowd of buyers on one machine runs into; for tests of other things.
    pub fn for_a_crowd() -> Self {
        let limits = LimitsConfig {
            register_per_minute: 1_000_000,
            welcome_per_minute: 1_000_000,
            sign_in_per_minute: 1_000_000,
            invitation_per_minute: 1_000_000,
            ..LimitsConfig::default()
        };
        Self {
            limits,
            ..Self::default()
        }
    }

    /// Without any that a test could run into, since its clock stands still.
    pub fn without_limits() -> Self {
        const MANY: u32 = 1_000_000;
        let limits = LimitsConfig {
            stranger_per_minute: MANY,
            api_per_minute: MANY,
            console_per_minute: MANY,
            usage_events_per_minute: MANY,
            ..Self::for_a_crowd().limits
        };
        Self {
            limits,
            ..Self::default()
        }
    }
}

/// The running listeners.
pub struct Server {
    /// The public base address.
    pub public: String,
    /// The internal base address.
    pub internal: String,
    /// What signs the card plane's requests to us.
    pub card_plane: PeerSigner,
    lifecycle: Lifecycle,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Starts listening. A test may start a second one beside its app's own.
    pub async fn start(
        app: &Arc<App>,
        clock: &TestClock,
        login: &Arc<FakeLogin>,
        public_url: &str,
        doors: &Doors,
    ) -> Self {
        let keys = tempfile::tempdir().expect("a temporary folder");
        let key = PeerKey::load_or_create(&keys.path().join("peer.pem")).expect("a key");
        let jwk_file = keys.path().join("peer.jwk");
        std::fs::write(&jwk_file, key.public_jwk().to_string()).expect("the key is written");
        let jwk = read_jwk(&jwk_file).expect("the key is read");
        let real: Arc<dyn RealTime> = Arc::new(TestRealTime(clock.clone()));
        let lifecycle = Lifecycle::new();
        let http = Http {
            app: Arc::clone(app),
            cookie_key: cookie_key(),
            operator_token: Some(Arc::new(SecretString::from(OPERATOR_TOKEN))),
            sign_in: Arc::new(oidc::SignIn::new(
                FakeLogin::settings(public_url),
                Arc::clone(login) as _,
                Arc::clone(&real),
                Arc::clone(&app.ids),
            )),
            limits: Limits::new(&doors.limits, &real),
            lifecycle: lifecycle.clone(),
            public_url: public_url.into(),
            support_email: "help@payphone.example".into(),
        };
        let verifier = PeerVerifier::new(jwk, "payphone-card", "payphone");
        let public = http_api::app::public_router(
            http.clone(),
            pages(doors.development),
            web::landing::router(),
        );
        let wrap = |router| stack::wrap(router, Arc::clone(&app.ids), stack::Limits::default());
        let public = web::around(wrap(public), http.clone());
        let internal = wrap(http_api::app::internal_router(http, Arc::new(verifier)));
        let mut addresses = Vec::new();
        for (name, router) in [("public", public), ("internal", internal)] {
            let bound = Bound::bind(name, ([127, 0, 0, 1], 0).into()).await;
            let proxies = TrustedProxies::parse(&doors.trusted_proxies).expect("proxies");
            let bound = bound.expect("a free port").trusting(proxies);
            addresses.push(format!("http://{}", bound.address()));
            let router = http_api::security_headers::around(
                router,
                Arc::clone(&app.ids),
                public_url.starts_with("https://"),
            );
            bound.serve(&lifecycle, router);
        }
        let [public, internal] = <[String; 2]>::try_from(addresses).expect("two listeners");
        Self {
            public,
            internal,
            card_plane: PeerSigner {
                key: Arc::new(key),
                iss: "payphone-card",
                aud: "payphone",
                real,
            },
            lifecycle,
        }
    }

    /// Stops listening once every request is answered.
    pub async fn stop(&self) {
        self.lifecycle.stop_and_wait().await;
    }
}

/// As the program puts them together.
fn pages(development: bool) -> axum::Router<Http> {
    if development {
        web::pages::router().merge(web::design::router())
    } else {
        web::pages::router()
    }
}

/// The key that signs cookies in tests.
pub fn cookie_key() -> CookieKey {
    CookieKey::from_hex(&SecretString::from(COOKIE_KEY)).expect("a strong key")
}
