//! A sample of every component, with values as pages give them. `/design` shows them, and each has a snapshot.

use domain::{Mode, Timestamp};
use leptos::prelude::*;

use super::{
    Bulk, Button, Card, Chart, Choice, Confirm, Copyable, Crumbs, Dialog, Direction, DocsLink,
    Empty, Ended, EndedNotice, ErrorSummary, Export, Fact, Facts, Failure, FieldError, Fieldset,
    Filters, Initials, Kind, LinkButton, Menu, ModeSwitch, Notice, Pager, Pick, Picked, Pill,
    Progress, Search, Secret, Segmented, Select, SetUpAgain, SignInHelp, Snippet, Standing, Step,
    Steps, Table, TextArea, TextField, ThemeSwitch, Tile, Tiles, Tone, Waiting, When,
    chart::sample, head,
};
use crate::{form::Faults, theme};

/// One component: its name, and what it looks like.
pub(crate) type Sample = (&'static str, AnyView);

/// Every sample, in the order of the page.
pub(crate) fn all() -> Vec<Sample> {
    let mut samples = said();
    samples.extend(pressed());
    samples.extend(typed());
    samples.extend(listed());
    samples.extend(shown());
    samples.extend(told());
    samples
}

fn at() -> Timestamp {
    Timestamp::from_timestamp(1_795_342_440, 0).unwrap_or_default()
}

/// What a page says.
fn said() -> Vec<Sample> {
    let faults = Faults {
        whole: None,
        fields: vec![
            ("company".to_owned(), "Give it a name.".to_owned()),
            ("address".to_owned(), "Say where bills go.".to_owned()),
        ],
    };
    vec![
        ("Crumbs", view! { <Crumbs href="/design" name="Components"/> }.into_any()),
        (
            "Notice",
            view! { <Notice text="“Till” is revoked. Nothing is accepted under it any more.".to_owned()/> }
                .into_any(),
        ),
        ("ErrorSummary", view! { <ErrorSummary faults=faults/> }.into_any()),
        (
            "EndedNotice",
            view! { <EndedNotice at=at() meaning="These keys are no longer in use."/> }.into_any(),
        ),
        ("Ended", view! { <Ended at=at()/> }.into_any()),
        ("Chart", view! { <Chart figure=sample()/> }.into_any()),
        (
            "Failure",
            view! {
                <Failure
                    what="AWS did not answer"
                    advice="Nothing is lost: we ask again within a minute. If it lasts longer, write to us."
                    request_id="req_0192aaaabbbb7ccc8dddeeeeffff0009"
                />
            }
            .into_any(),
        ),
        (
            "Waiting",
            view! { <Waiting words="Your key pair is being made. This takes a few seconds."/> }
                .into_any(),
        ),
        (
            "Empty",
            view! {
                <Empty words="There is no API key yet.">
                    <LinkButton href="#company" label="Make the first one" kind=Kind::Primary/>
                </Empty>
            }
            .into_any(),
        ),
    ]
}

/// What is pressed.
fn pressed() -> Vec<Sample> {
    let buttons = view! {
        <form class="row">
            <Button label="Save" kind=Kind::Primary/>
            <Button label="Show" kind=Kind::Usual/>
            <Button label="Remove" kind=Kind::Danger/>
            <Button label="Send again" kind=Kind::Small about="Send again to ann@harbour.example"/>
        </form>
    };
    let links = view! {
        <p class="row">
            <LinkButton href="/design" label="Open" kind=Kind::Primary/>
            <LinkButton href="/design" label="Change" kind=Kind::Small about="Change Ann Kay"/>
        </p>
    };
    let views = vec![
        ("/design".to_owned(), "All".to_owned(), true),
        ("/design?state=used".to_owned(), "In use".to_owned(), false),
        (
            "/design?state=revoked".to_owned(),
            "Revoked".to_owned(),
            false,
        ),
    ];
    let name = view! { <Initials name="Ann Kay".to_owned()/> <span class="who">"Ann Kay"</span> };
    vec![
        ("Button", buttons.into_any()),
        ("LinkButton", links.into_any()),
        (
            "Export",
            view! { <Export href="/design?format=csv" narrow=true/> }.into_any(),
        ),
        (
            "Confirm",
            view! {
                <Confirm
                    action="/design".to_owned()
                    yes="Revoke the key"
                    kind=Kind::Danger
                    back="/design"
                    no="Keep it"
                />
            }
            .into_any(),
        ),
        (
            "Menu",
            view! {
                <Menu id="sample-menu" button=name.into_any()>
                    <p class="small">"ann@harbour.example"</p>
                    <LinkButton href="/design" label="Account" kind=Kind::Usual/>
                </Menu>
            }
            .into_any(),
        ),
        (
            "Dialog",
            view! {
                <Dialog id="why" button="Why two keys?" title="Two slots">
                    <p>"Amazon Connect holds two keys at a time, so one can be changed without losing a call."</p>
                </Dialog>
            }
            .into_any(),
        ),
        ("Segmented", view! { <Segmented label="State" views=views/> }.into_any()),
        ("ModeSwitch", view! { <ModeSwitch chosen=Mode::Test/> <ModeSwitch chosen=Mode::Live/> }.into_any()),
        ("ThemeSwitch", view! { <ThemeSwitch chosen=theme::chosen()/> }.into_any()),
        ("DocsLink", view! { <DocsLink page="api-keys" label="API keys and scopes"/> }.into_any()),
    ]
}

/// What is filled in.
fn typed() -> Vec<Sample> {
    let fault = || Some("Give it a name.".to_owned());
    vec![
        (
            "TextField",
            view! {
                <TextField
                    name="company"
                    label="Company"
                    hint="As it stands on your bills."
                    kind="text"
                    autocomplete="organization"
                    value=String::new()
                    fault=fault()
                />
            }
            .into_any(),
        ),
        (
            "FieldError",
            view! { <FieldError name="alone" fault=fault()/> }.into_any(),
        ),
        (
            "TextArea",
            view! {
                <TextArea
                    name="address"
                    label="Address"
                    hint="Where bills go."
                    rows=3
                    most=400
                    value="1 Harbour Road\nPortsmouth".to_owned()
                    fault=None
                />
            }
            .into_any(),
        ),
        ("Fieldset", question()),
        (
            "Checkbox",
            view! {
                <Choice
                    kind="checkbox"
                    name="scopes"
                    value="usage:read"
                    label="usage:read"
                    hint="Read usage and what AWS accepted."
                    checked=true
                />
            }
            .into_any(),
        ),
    ]
}

fn question() -> AnyView {
    view! {
        <Fieldset name="mode" legend="Mode" fault=None>
            <Choice
                kind="radio"
                name="mode"
                value="test"
                label="Test"
                hint="For trying out."
                checked=true
            />
            <Choice
                kind="radio"
                name="mode"
                value="live"
                label="Live"
                hint="Counts towards your AWS bill."
                checked=false
            />
        </Fieldset>
    }
    .into_any()
}

/// What is listed.
fn listed() -> Vec<Sample> {
    let roles = vec![
        ("owner".to_owned(), "Owner".to_owned()),
        ("agent".to_owned(), "Agent".to_owned()),
    ];
    let filters = view! {
        <Filters action="/design" kept=vec![("sort", "name".to_owned())]>
            <Search name="q" label="Name or e-mail" value="ann"/>
            <Select name="role" label="Role" any="Any role" options=roles chosen="agent"/>
        </Filters>
    };
    let bulk = view! {
        <Bulk action="/design" button="Revoke the chosen…" hint="You are asked once more.">
            {table()}
        </Bulk>
        <form>
            <Picked name="key" values=vec!["apk_1".to_owned()]/>
        </form>
    };
    vec![
        ("Filters", filters.into_any()),
        ("Table", bulk.into_any()),
        (
            "Pager",
            view! { <Pager first=Some("/design".to_owned()) next=Some("/design?after=9".to_owned())/> }
                .into_any(),
        ),
    ]
}

fn table() -> AnyView {
    let heads = vec![
        head("Choose").unseen(),
        head("Name")
            .name()
            .sorted("/design?sort=name".to_owned(), Some(Direction::Ascending)),
        head("State"),
        head("Uses").figures(),
        head("Made").sorted("/design".to_owned(), None),
    ];
    view! {
        <Table label="Sample keys" caption="By name." heads=heads>
            <tr>
                <td data-label="Choose">
                    <Pick name="key" value="apk_1".to_owned() label="Choose Till".to_owned()/>
                </td>
                <th scope="row" class="name">"Till"</th>
                <td data-label="State">
                    <Pill tone=Tone::Ok word="in use"/>
                </td>
                <td class="num" data-label="Uses">"1,402"</td>
                <td data-label="Made"><When at=at() day=true/></td>
            </tr>
        </Table>
    }
    .into_any()
}

/// What is shown.
fn shown() -> Vec<Sample> {
    let pills = view! {
        <p class="row">
            <Pill tone=Tone::Ok word="in use"/>
            <Pill tone=Tone::Wait word="being made"/>
            <Pill tone=Tone::Bad word="failed"/>
            <Pill tone=Tone::Plain word="empty"/>
        </p>
    };
    let facts = view! {
        <Facts>
            <Fact name="Key id" mono=true>
                "key_0192aaaabbbb7ccc8dddeeeeffff0002"
            </Fact>
            <Fact name="Made">
                <When at=at()/>
            </Fact>
        </Facts>
    };
    let steps = view! {
        <Steps>
            <Step number=1 standing=Standing::Done title="Subscribe"><p class="note">"AWS confirmed it."</p></Step>
            <Step number=2 standing=Standing::Failed title="Connect"><p class="note">"Access denied."</p></Step>
            <Step number=3 standing=Standing::Now title="Test call"><p class="note">"Call your number."</p></Step>
            <Step number=4 standing=Standing::Later title="Go live"><p class="note">"When you are ready."</p></Step>
        </Steps>
    };
    vec![
        ("Pill", pills.into_any()),
        (
            "Card",
            view! {
                <Card title="Slot A" aside=view! { <Pill tone=Tone::Ok word="in use"/> }.into_any()>
                    <p>"What is in it."</p>
                </Card>
            }
            .into_any(),
        ),
        (
            "Tiles",
            view! {
                <Tiles>
                    <Tile name="Used this hour" figure="1,402" note="payments"/>
                    <Tile name="Accepted by AWS" figure="18,402"/>
                </Tiles>
            }
            .into_any(),
        ),
        ("Facts", facts.into_any()),
        ("Progress", view! { <Progress done=3 all=5 words="3 of 5 done"/> }.into_any()),
        ("Steps", steps.into_any()),
        ("When", view! { <p><When at=at()/></p> }.into_any()),
        (
            "Snippet",
            view! { <Snippet label="command" id="command" text="curl https://console.example/healthz".to_owned()/> }
                .into_any(),
        ),
        (
            "Snippet, folded",
            view! {
                <Snippet
                    label="certificate"
                    id="certificate"
                    folded="Show the certificate"
                    text="-----BEGIN CERTIFICATE-----".to_owned()
                />
            }
            .into_any(),
        ),
        (
            "Copyable",
            view! { <p><Copyable id="tenant-id" what="tenant id".to_owned() text="ten_sample".to_owned()/></p> }
                .into_any(),
        ),
        (
            "Secret",
            view! { <Secret label="API key" id="api-key" text="ppk_test_SAMPLE".to_owned()/> }
                .into_any(),
        ),
    ]
}

/// The same words wherever they are needed.
fn told() -> Vec<Sample> {
    vec![
        ("SetUpAgain", view! { <SetUpAgain/> }.into_any()),
        ("SignInHelp", view! { <SignInHelp/> }.into_any()),
    ]
}
