//! Every operation of the OpenAPI document and every route of the console, each with a request that would work for who may make it,
//! and with what it leaves in the audit trail. Names in angle brackets are ids of the stage; `<own>` is the caller's own session.

/// What goes along.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Body {
    /// Nothing.
    None,
    /// JSON.
    Json(&'static str),
    /// A form.
    Form(&'static [(&'static str, &'static str)]),
}

/// The line that a change leaves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// Who may do it.
    pub(crate) by: &'static str,
    /// How it is called.
    pub(crate) action: &'static str,
    /// About what; nothing at all if empty, anything if `*`.
    pub(crate) target: &'static str,
    /// By whom it is done, if not by the caller under their own name.
    pub(crate) actor: &'static str,
}

/// One request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// The operation's id, or method and route.
    pub(crate) of: &'static str,
    /// What is special about it, if there are several of one operation.
    pub(crate) note: &'static str,
    /// The path.
    pub(crate) path: &'static str,
    /// The body.
    pub(crate) body: Body,
    /// Whether the browser has just bought something in AWS Marketplace.
    pub(crate) bought: bool,
    /// Whether an owner is answered 404, because it is about what is somebody else's.
    pub(crate) misses: bool,
    /// The line it leaves, if it changes anything.
    pub(crate) line: Option<Line>,
}

const fn row(of: &'static str, path: &'static str) -> Row {
    Row {
        of,
        note: "",
        path,
        body: Body::None,
        bought: false,
        misses: false,
        line: None,
    }
}

impl Row {
    const fn json(mut self, body: &'static str) -> Self {
        self.body = Body::Json(body);
        self
    }

    const fn form(mut self, fields: &'static [(&'static str, &'static str)]) -> Self {
        self.body = Body::Form(fields);
        self
    }

    const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    const fn bought(mut self) -> Self {
        self.bought = true;
        self
    }

    const fn misses(mut self) -> Self {
        self.misses = true;
        self
    }

    /// Done by an owner, under their own name.
    const fn leaves(self, action: &'static str, target: &'static str) -> Self {
        self.leaves_by("owner", action, target, "")
    }

    const fn leaves_by(
        mut self,
        by: &'static str,
        action: &'static str,
        target: &'static str,
        actor: &'static str,
    ) -> Self {
        self.line = Some(Line {
            by,
            action,
            target,
            actor,
        });
        self
    }
}

const USAGE: &str = r#"{"specversion": "1.0", "id": "one", "source": "urn:shop", "type": "payphone.payment.approved", "subject": "<license>", "time": "<now>", "data": {"quantity": 1}}"#;
const NEW_KEY: &str = r#"{"name": "n", "mode": "test", "scopes": ["capture"]}"#;
const MEMBER: &str = "/api/v1/users/<member>";
const OWNER: &str = "/api/v1/users/<owner2>";

/// Every one of them.
pub(crate) const ROWS: &[Row] = &[
    row("getTenant", "/api/v1/tenant"),
    row("listAgreements", "/api/v1/agreements"),
    row("listEntitlements", "/api/v1/entitlements"),
    row("listSetupItems", "/api/v1/setup"),
    row("listKeys", "/api/v1/keys"),
    row("getKey", "/api/v1/keys/<key>"),
    row("getPublicKey", "/api/v1/keys/<key>/public-key.pem"),
    row("getCertificate", "/api/v1/keys/<key>/certificate.pem"),
    row("listApiKeys", "/api/v1/api-keys"),
    row("listApiKeys", "/api/v1/api-keys?format=csv").note("as CSV"),
    row("createApiKey", "/api/v1/api-keys")
        .json(NEW_KEY)
        .leaves("apiKey.create", "*"),
    row("revokeApiKey", "/api/v1/api-keys/<api_key>").leaves("apiKey.revoke", "<api_key>"),
    row("listUsers", "/api/v1/users"),
    row("listUsers", "/api/v1/users?format=csv").note("as CSV"),
    row("changeUser", MEMBER)
        .json(r#"{"role": "agent"}"#)
        .leaves("user.changeRole", "<member>"),
    row("changeUser", MEMBER)
        .json(r#"{"role": "owner"}"#)
        .note("to owner")
        .leaves("user.changeRole", "<member>"),
    row("changeUser", OWNER)
        .json(r#"{"role": "agent"}"#)
        .note("an owner")
        .leaves("user.changeRole", "<owner2>"),
    row("removeUser", MEMBER).leaves("user.remove", "<member>"),
    row("removeUser", OWNER)
        .note("an owner")
        .leaves("user.remove", "<owner2>"),
    row(
        "resetAuthenticator",
        "/api/v1/users/<member>/authenticator-reset",
    )
    .leaves("user.resetAuthenticator", "<member>"),
    row(
        "resetAuthenticator",
        "/api/v1/users/<owner2>/authenticator-reset",
    )
    .note("an owner's")
    .leaves("user.resetAuthenticator", "<owner2>"),
    row(
        "resendPassword",
        "/api/v1/users/<newcomer>/temporary-password",
    )
    .leaves("user.resendPassword", "<newcomer>"),
    row("listInvitations", "/api/v1/invitations"),
    row("createInvitation", "/api/v1/invitations")
        .json(r#"{"email": "new@elsewhere.example", "role": "agent"}"#)
        .leaves("invitation.create", "*"),
    row("createInvitation", "/api/v1/invitations")
        .json(r#"{"email": "new@elsewhere.example", "role": "owner"}"#)
        .note("of an owner")
        .leaves("invitation.create", "*"),
    row(
        "resendInvitation",
        "/api/v1/invitations/<invitation>/resend",
    )
    .leaves("invitation.create", "<invitation>"),
    row(
        "resendInvitation",
        "/api/v1/invitations/<owner_invitation>/resend",
    )
    .note("of an owner")
    .leaves("invitation.create", "<owner_invitation>"),
    row("revokeInvitation", "/api/v1/invitations/<invitation>")
        .leaves("invitation.revoke", "<invitation>"),
    row("revokeInvitation", "/api/v1/invitations/<owner_invitation>")
        .note("of an owner")
        .leaves("invitation.revoke", "<owner_invitation>"),
    row("listAuditLog", "/api/v1/audit-log"),
    row("listAuditLog", "/api/v1/audit-log?format=csv").note("as CSV"),
    row("listUsage", "/api/v1/usage"),
    row("listUsage", "/api/v1/usage?tenant=<tenant>").note("of the tenant"),
    row("listMeteringRecords", "/api/v1/metering-records"),
    row(
        "listMeteringRecords",
        "/api/v1/metering-records?format=csv&sort=oldest",
    )
    .note("as CSV"),
    row(
        "listMeteringRecords",
        "/api/v1/metering-records?tenant=<tenant>",
    )
    .note("of the tenant"),
    row("recordUsageEvents", "/api/v1/usage-events").json(USAGE),
    row("getAccount", "/api/v1/account"),
    row("selectTenant", "/api/v1/account/tenant")
        .json(r#"{"tenantId": "<tenant>"}"#)
        .leaves("session.selectTenant", "<tenant>"),
    row("endSession", "/api/v1/account/sessions/<own>").leaves("session.end", "<own>"),
    row("endSession", "/api/v1/account/sessions/<session>")
        .note("the owner's")
        .leaves("session.end", "<session>"),
    row("endSessions", "/api/v1/account/sessions").leaves("session.end", ""),
    row("createRecoveryCodes", "/api/v1/account/recovery-codes").leaves("recoveryCodes.create", ""),
    row("listRegistrations", "/api/v1/operator/registrations"),
    row(
        "listRegistrations",
        "/api/v1/operator/registrations?format=csv",
    )
    .note("as CSV"),
    row("listTenants", "/api/v1/operator/tenants"),
    row("listTenants", "/api/v1/operator/tenants?format=csv").note("as CSV"),
    row("listEvents", "/api/v1/operator/events"),
    row("listEvents", "/api/v1/operator/events?format=csv").note("as CSV"),
    row("listJobs", "/api/v1/operator/jobs"),
    row("listJobs", "/api/v1/operator/jobs?format=csv").note("as CSV"),
    row("rerunJob", "/api/v1/operator/jobs/mail/mai_1/rerun").misses(),
    // The console.
    row("GET /", "/"),
    row("GET /setup", "/setup"),
    // Looking again changes nothing, so it leaves no line.
    row("POST /setup/check", "/setup/check"),
    row("GET /keys", "/keys"),
    row("GET /api-keys", "/api-keys"),
    row("POST /api-keys", "/api-keys")
        .form(&[("name", "n"), ("mode", "test"), ("scopes", "capture")])
        .leaves("apiKey.create", "*"),
    row("GET /api-keys/revoke", "/api-keys/revoke?key=<api_key>"),
    row("POST /api-keys/revoke", "/api-keys/revoke")
        .form(&[("key", "<api_key>")])
        .leaves("apiKey.revoke", "<api_key>"),
    row("GET /api-keys/{id}/revoke", "/api-keys/<api_key>/revoke"),
    row("POST /api-keys/{id}/revoke", "/api-keys/<api_key>/revoke")
        .leaves("apiKey.revoke", "<api_key>"),
    row("GET /usage", "/usage"),
    row("GET /usage/{record}", "/usage/<record>"),
    row("GET /subscription", "/subscription"),
    row("GET /activity", "/activity"),
    row("GET /live", "/live"),
    row("GET /operator/registrations", "/operator/registrations"),
    row("GET /operator/tenants", "/operator/tenants"),
    row("GET /operator/events", "/operator/events"),
    row("GET /operator/jobs", "/operator/jobs"),
    row(
        "POST /operator/jobs/{work}/{item}/rerun",
        "/operator/jobs/mail/mai_1/rerun",
    )
    .misses(),
    row("GET /people", "/people"),
    row("POST /people/invitations", "/people/invitations")
        .form(&[("email", "new@elsewhere.example"), ("role", "agent")])
        .leaves("invitation.create", "*"),
    row("POST /people/invitations", "/people/invitations")
        .form(&[("email", "new@elsewhere.example"), ("role", "owner")])
        .note("of an owner")
        .leaves("invitation.create", "*"),
    row(
        "POST /people/invitations/{id}/resend",
        "/people/invitations/<invitation>/resend",
    )
    .leaves("invitation.create", "<invitation>"),
    row(
        "POST /people/invitations/{id}/revoke",
        "/people/invitations/<invitation>/revoke",
    )
    .leaves("invitation.revoke", "<invitation>"),
    row("GET /people/{id}", "/people/<member>"),
    row("GET /people/{id}", "/people/<owner2>").note("an owner"),
    row("POST /people/{id}/role", "/people/<member>/role")
        .form(&[("role", "agent")])
        .leaves("user.changeRole", "<member>"),
    row("POST /people/{id}/role", "/people/<owner2>/role")
        .form(&[("role", "agent")])
        .note("an owner")
        .leaves("user.changeRole", "<owner2>"),
    row(
        "POST /people/{id}/resend-password",
        "/people/<newcomer>/resend-password",
    )
    .leaves("user.resendPassword", "<newcomer>"),
    row(
        "GET /people/{id}/reset-authenticator",
        "/people/<member>/reset-authenticator",
    ),
    row(
        "POST /people/{id}/reset-authenticator",
        "/people/<member>/reset-authenticator",
    )
    .leaves("user.resetAuthenticator", "<member>"),
    row("GET /people/{id}/remove", "/people/<member>/remove"),
    row("GET /people/{id}/remove", "/people/<owner2>/remove").note("an owner"),
    row("POST /people/{id}/remove", "/people/<member>/remove").leaves("user.remove", "<member>"),
    row("POST /people/{id}/remove", "/people/<owner2>/remove")
        .note("an owner")
        .leaves("user.remove", "<owner2>"),
    row("GET /account", "/account"),
    row("POST /account/tenant", "/account/tenant")
        .form(&[("tenant", "<tenant>")])
        .leaves("session.selectTenant", "<tenant>"),
    row(
        "POST /account/sessions/{id}/end",
        "/account/sessions/<own>/end",
    )
    .leaves("session.end", "<own>"),
    row(
        "POST /account/sessions/{id}/end",
        "/account/sessions/<session>/end",
    )
    .note("the owner's")
    .leaves("session.end", "<session>"),
    row(
        "POST /account/sign-out-everywhere",
        "/account/sign-out-everywhere",
    )
    .leaves("session.end", ""),
    row("GET /account/recovery-codes", "/account/recovery-codes"),
    row("POST /account/recovery-codes", "/account/recovery-codes")
        .form(&[("sure", "yes")])
        .leaves("recoveryCodes.create", ""),
    row("GET /tenants", "/tenants"),
    row("POST /theme", "/theme").form(&[("theme", "dark")]),
    row("POST /mode", "/mode").form(&[("mode", "live")]),
    row("POST /logout", "/logout").leaves("session.end", "<own>"),
    // The ways in.
    row("GET /login", "/login"),
    row("GET /callback", "/callback?code=code&state=state"),
    row("GET /login/help", "/login/help"),
    row("POST /login/help", "/login/help")
        .form(&[("email", "<newcomer_email>")])
        .leaves_by(
            "nobody",
            "user.resendPassword",
            "<newcomer>",
            "system:sign-in-help",
        ),
    row("GET /recover", "/recover"),
    row("POST /recover", "/recover")
        .form(&[("email", "<email>"), ("code", "<code>")])
        .leaves_by("nobody", "recoveryCode.use", "<member>", "system:recovery"),
    row("GET /invitations/{secret}", "/invitations/<link>"),
    row("POST /invitations/{secret}", "/invitations/<link>")
        .form(&[("name", "Lee Late")])
        .leaves_by(
            "nobody",
            "invitation.accept",
            "<invited>",
            "invitee:<invited>",
        ),
    row("GET /welcome", "/welcome"),
    row("GET /welcome", "/welcome")
        .note("after buying")
        .bought(),
    row("POST /welcome", "/welcome").form(WELCOME),
    row("POST /welcome", "/welcome")
        .form(WELCOME)
        .note("after buying")
        .bought()
        .leaves_by("buyer", "registration.complete", "<fresh_licence>", ""),
    row("POST /welcome/attach", "/welcome/attach").form(ATTACH),
    row("POST /welcome/attach", "/welcome/attach")
        .form(ATTACH)
        .note("after buying")
        .bought()
        .leaves("licence.attach", "<fresh_licence>"),
    row("GET /marketplace/register", "/marketplace/register"),
    row("POST /marketplace/register", "/marketplace/register")
        .form(&[("x-amzn-marketplace-token", "<token>")]),
    // The documentation.
    row("GET /docs", "/docs"),
    row("GET /docs/{page}", "/docs/usage-events"),
    row("GET /docs/{page}", "/docs/usage-events.md").note("as Markdown"),
    row("GET /docs/{page}", "/docs/nothing")
        .note("unknown")
        .misses(),
    row("GET /docs/problems/{code}", "/docs/problems/bad_cursor"),
    row("GET /docs/problems/{code}", "/docs/problems/nothing")
        .note("unknown")
        .misses(),
    row("GET /llms.txt", "/llms.txt"),
    row("GET /favicon.ico", "/favicon.ico"),
    row("GET /assets/{name}", "/assets/nothing.css").misses(),
];

const WELCOME: &[(&str, &str)] = &[("email", "fay@fresh.example"), ("name", "Fay Fresh")];
const ATTACH: &[(&str, &str)] = &[("tenant", "<tenant>")];

/// Every route of the console, as its routers name them: read from their sources, since a router does not tell.
pub(crate) fn routes() -> Vec<String> {
    const SOURCES: [&str; 3] = [
        include_str!("../../web/src/pages.rs"),
        include_str!("../../web/src/sign_in.rs"),
        include_str!("../../web/src/landing.rs"),
    ];
    let mut found = Vec::new();
    for route in SOURCES
        .iter()
        .flat_map(|text| text.split(".route(").skip(1))
    {
        // An address that is spoken of elsewhere too has a name.
        let path = match route.strip_prefix("CALLBACK,") {
            Some(_) => "/callback",
            None => route.split('"').nth(1).unwrap(),
        };
        // The wildcard behind all others answers what nobody else does.
        if path == "/{*path}" {
            continue;
        }
        // As far as the function goes: what stands behind may speak of other methods.
        let handlers = route.split("\n}").next().unwrap();
        let before = found.len();
        for (method, word) in [("GET", "get("), ("POST", "post(")] {
            if handlers.contains(word) {
                found.push(format!("{method} {path}"));
            }
        }
        assert!(found.len() > before, "no method of {path} is known here");
    }
    assert!(found.len() > 40, "{found:?}");
    found
}
