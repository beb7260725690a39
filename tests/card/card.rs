//! A card plane for one test: composed as the program composes it, with small keys, on ports the system chooses.
#![expect(clippy::unwrap_used, reason = "what goes wrong here fails the test")]

use std::{sync::Arc, time::Duration};

use card::{
    app::{App, KeySettings},
    encryption::{Keyring, LocalKeyEncryption, make_wrapping_key},
    http,
    key::{self, Pool},
    lease,
    store::Store,
};
use domain::{Ids, Mode, RealTime, card_plane::KeyAnswer, card_plane::KeyRequest, id::TenantId};
use runtime::{
    clock::{BusinessClock, SystemRealTime},
    ids::SystemIds,
    lifecycle::Lifecycle,
    peer::{PeerClient, PeerError, PeerKey, PeerSigner, PeerVerifier, http_client, read_jwk},
    serve::Bound,
};
use tempfile::TempDir;
use testkit::database::{Plane, TestDatabase};

/// Where one has its data.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) database: TestDatabase,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = TestDatabase::fresh(Plane::Card, folder.path());
        Self { folder, database }
    }
}

/// The services' surroundings on the place's data, with what is missing made.
pub(crate) async fn app(place: &Place) -> App {
    let folder = place.folder.path();
    let real: Arc<dyn RealTime> = Arc::new(SystemRealTime);
    let ids: Arc<dyn Ids> = Arc::new(SystemIds::new(real.clone()));
    let store = Store::open(&place.database.url()).await.unwrap();
    let wrapping = folder.join("wrapping.key");
    make_wrapping_key(&wrapping, &*ids).unwrap();
    let wrapping = LocalKeyEncryption::load(&wrapping, ids.clone()).unwrap();
    App {
        store,
        clock: Arc::new(BusinessClock::new(real.clone())),
        real,
        keyring: Keyring::new(Arc::new(wrapping), Vec::new()),
        holder: lease::holder(&*ids),
        ids,
        keys: KeySettings {
            bits: 2048,
            pool_size: 4,
            certificate_days: 730,
            wait: Duration::from_mins(1),
        },
        pool: Arc::new(Pool::default()),
    }
}

/// A running card plane.
pub(crate) struct Card {
    pub(crate) app: App,
    /// Base address of the internal listener.
    pub(crate) internal: String,
    /// Base address of the public listener.
    pub(crate) public: String,
    /// Signs as the control plane does.
    pub(crate) signer: PeerSigner,
    lifecycle: Lifecycle,
}

impl Card {
    /// Starts one on the place's data, making what is missing.
    pub(crate) async fn start(place: &Place) -> Self {
        let folder = place.folder.path();
        let app = app(place).await;
        let real = app.real.clone();
        key::check_wrapping_keys(&app.store, &app.keyring)
            .await
            .unwrap();

        let key = Arc::new(PeerKey::load_or_create(&folder.join("control.pem")).unwrap());
        let jwk = folder.join("control.jwk");
        std::fs::write(&jwk, key.public_jwk().to_string()).unwrap();
        let verifier = PeerVerifier::new(read_jwk(&jwk).unwrap(), "payphone", "payphone-card");

        let lifecycle = Lifecycle::new();
        let internal = listen("internal").await;
        let public = listen("public").await;
        let card = Self {
            internal: format!("http://{}", internal.address()),
            public: format!("http://{}", public.address()),
            signer: PeerSigner {
                key,
                iss: "payphone",
                aud: "payphone-card",
                real,
            },
            lifecycle: lifecycle.clone(),
            app: app.clone(),
        };
        internal.serve(&lifecycle, http::internal_router(&app, Arc::new(verifier)));
        public.serve(&lifecycle, http::public_router(&app));
        lifecycle.spawn("key pool", key::fill(app, lifecycle.token()));
        card
    }

    /// Asks as the control plane does.
    pub(crate) async fn ensure(
        &self,
        tenant: TenantId,
        mode: Mode,
    ) -> Result<KeyAnswer, PeerError> {
        let request = KeyRequest {
            tenant_id: tenant,
            mode,
        };
        self.client()
            .post_json("/internal/v1/keys", &request, Some("usr_1"))
            .await
    }

    /// A client that signs as the control plane does. Keys are made under load here, so it waits longer than the product's.
    pub(crate) fn client(&self) -> PeerClient {
        let patient = reqwest::Client::builder()
            .timeout(Duration::from_mins(1))
            .no_proxy()
            .build();
        PeerClient::new(patient.unwrap(), &self.internal, self.signer.clone())
    }

    /// A plain client, for requests that nobody signs.
    pub(crate) fn stranger() -> reqwest::Client {
        http_client().unwrap()
    }

    /// A tenant nobody has heard of.
    pub(crate) fn tenant(&self) -> TenantId {
        TenantId::make(&*self.app.ids)
    }

    /// Stops it and lets go of its data.
    pub(crate) async fn stop(self) {
        self.lifecycle.stop_and_wait().await;
        self.app.store.close().await;
    }
}

async fn listen(name: &'static str) -> Bound {
    Bound::bind(name, ([127, 0, 0, 1], 0).into()).await.unwrap()
}
