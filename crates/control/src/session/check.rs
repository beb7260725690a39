//! Asking the identity provider, now and then, whether a session may go on: who was signed out, closed or taken out of the operators'
//! group over there must not stay in here for hours. One request in a quarter of an hour asks; the others go on meanwhile.

use domain::{
    Error, Timestamp,
    policy::Action,
    session::{CHECK_EVERY, Session},
};

use crate::{
    Cx,
    anew::{anew, anew_or_again},
    cx::About,
};

/// Whether it is time to ask.
pub fn is_due(session: &Session, now: Timestamp) -> bool {
    session.checked_at + CHECK_EVERY <= now
}

/// Takes the turn to ask; none if another request took it, else the sealed refresh token to ask with.
pub async fn claim(cx: &Cx, session: &Session) -> Result<Option<Option<String>>, Error> {
    anew(|| async {
        let tx = cx.system_write().await?;
        let claimed = db::session::claim_check(&tx, session, cx.real_now()).await?;
        tx.commit().await?;
        Ok(claimed)
    })
    .await
}

/// It may go on, with this refresh token, sealed; `false` if it ended here meanwhile.
pub async fn go_on(
    cx: &Cx,
    session: &Session,
    refresh_token: &str,
    operator: bool,
) -> Result<bool, Error> {
    anew_or_again(|| async {
        let tx = cx.system_write().await?;
        let open = db::session::checked(&tx, session.id, refresh_token, operator).await?;
        tx.commit().await?;
        Ok(open)
    })
    .await
}

/// It may not: it ends here too.
pub async fn ended_elsewhere(cx: &Cx, session: &Session) -> Result<(), Error> {
    anew(|| async {
        let cx = cx.as_system("sign-in");
        let about = About::target(session.id).detail("ended at the sign-in service");
        let tx = cx
            .write_user(Action::EndSession, session.user, about)
            .await?;
        db::session::end(&tx, session.id, cx.real_now()).await?;
        tx.commit().await
    })
    .await
}
