//! The port to the card plane, over its internal API.

use async_trait::async_trait;
use domain::card_plane::{CardPlane, CardPlaneError, KeyAnswer, KeyRequest};
use runtime::peer::{PeerClient, PeerError};

/// The card plane behind its internal port.
pub struct HttpCardPlane(pub PeerClient);

#[async_trait]
impl CardPlane for HttpCardPlane {
    async fn ensure_key(&self, request: &KeyRequest) -> Result<KeyAnswer, CardPlaneError> {
        self.0
            .post_json("/internal/v1/keys", request, None)
            .await
            .map_err(|error: PeerError| {
                if error.is_temporary() {
                    CardPlaneError::Busy(error.to_string())
                } else {
                    CardPlaneError::Refused(error.to_string())
                }
            })
    }
}
