//! The requests of real clients, each in its own form, up to the rule by which that client takes or leaves its key.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use blackbox::{Browser, Callback, Caller, MERCHANT, Received, Scripts, Tab, World};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

const CREATE: &str = "btcpay.store.cancreateinvoice";
const INVOICES: &str = "btcpay.store.canviewinvoices";
const MODIFY_INVOICES: &str = "btcpay.store.canmodifyinvoices";
const SETTINGS: &str = "btcpay.store.canviewstoresettings";
const MODIFY_STORE: &str = "btcpay.store.canmodifystoresettings";
const WEBHOOKS: &str = "btcpay.store.webhooks.canmodifywebhooks";
const REFUNDS: &str = "btcpay.store.cancreatenonapprovedpullpayments";

/// A world whose merchant has another store, so that the bakery has to be chosen.
async fn a_merchant() -> Result<World> {
    let world = World::new().await?;
    world.home.add_store("Till", MERCHANT).await?;
    Ok(world)
}

/// What a client reads of the form that it is posted.
#[derive(Debug)]
struct Posted {
    key: String,
    permissions: Vec<String>,
    raw: String,
}

impl Posted {
    /// Reads what came to `target`, which a browser only touches where the URL standard has it escape. There are no fields but the documented ones: keysat refuses a form
    /// with a bare `permissions`, and everybody else passes over what they do not know.
    fn read(post: &Received, target: &str) -> Result<Self> {
        let asked = reqwest::Url::parse(&format!("http://shop.example{target}"))?;
        ensure!(asked.as_str().ends_with(&format!("example{}", post.target)), "not {asked}: {}", post.target);
        let kind = post.header("content-type").unwrap_or_default();
        ensure!(kind == "application/x-www-form-urlencoded", "{kind}");
        ensure!(post.header("content-length") == Some(&post.body.len().to_string()), "{post:?}");
        let fields = post.form()?;
        let all = |wanted: &'static str| {
            fields.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.clone())
        };
        let permissions: Vec<String> = all("permissions[]").collect();
        ensure!(fields.len() == permissions.len() + 2, "{fields:?}");
        ensure!(all("userId").count() == 1, "{fields:?}");
        Ok(Self { key: all("apiKey").next().context("apiKey")?, permissions, raw: post.body.clone() })
    }

    /// The only store that all permissions name, and their policies, each named once. Shop plugins take the store from
    /// there and know no other way.
    fn one_store(&self) -> Result<(String, BTreeSet<String>)> {
        let named: Option<Vec<(&str, &str)>> = self.permissions.iter().map(|it| it.split_once(':')).collect();
        let named = named.with_context(|| format!("each with a store: {:?}", self.permissions))?;
        let stores: BTreeSet<&str> = named.iter().map(|(_, store)| *store).collect();
        ensure!(stores.len() == 1, "one store: {stores:?}");
        let policies: BTreeSet<String> = named.iter().map(|(policy, _)| (*policy).to_owned()).collect();
        ensure!(policies.len() == named.len(), "each once: {named:?}");
        Ok((stores.into_iter().collect(), policies))
    }
}

fn set(policies: &[&str]) -> BTreeSet<String> {
    policies.iter().map(|policy| (*policy).to_owned()).collect()
}

/// PHP's `urlencode`, by which the plugins in PHP build their query: a blank is a plus.
fn php(text: &str) -> String {
    const KEPT: percent_encoding::AsciiSet =
        NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b' ');
    utf8_percent_encode(text, &KEPT).to_string().replace(' ', "+")
}

/// The query of the PHP library for Greenfield: permissions first, the redirect and the identifier last.
fn php_query(permissions: &[&str], name: &str, redirect: &str, identifier: Option<&str>) -> String {
    let permissions: Vec<String> = permissions.iter().map(|it| format!("permissions={}", php(it))).collect();
    let identifier = identifier.map(|it| format!("&applicationIdentifier={}", php(it))).unwrap_or_default();
    format!(
        "/api-keys/authorize?{}&applicationName={}&strict=true&selectiveStores=true&redirect={}{identifier}",
        permissions.join("&"),
        php(name),
        php(redirect),
    )
}

/// Opens `path` in a tab, approves with `more` for the merchant, and lets the tab post what it is handed.
async fn connect(world: &World, path: &str, shop: &Callback, target: &str, more: &[&str]) -> Result<Posted> {
    let tab = Tab::open(&world.asker, path).await?;
    let args = [&["approve", &tab.id, "--number", &tab.number, "--user", MERCHANT], more].concat();
    world.home.ok(&args).await?;
    let form = tab.form().await?;
    ensure!(form.action == shop.url(target), "not byte for byte: {}", form.action);
    form.submit(&world.asker).await?;
    let posted = Posted::read(&shop.first("POST").await?, target)?;
    ensure!(world.asker.current(&posted.key).await?.status == 200, "the key works");
    Ok(posted)
}

/// The same for an application that wants one store, which is the bakery.
async fn connect_bakery(world: &World, path: &str, shop: &Callback, target: &str) -> Result<Posted> {
    connect(world, path, shop, target, &["--store", &world.home.store]).await
}

#[tokio::test]
async fn woocommerce_is_connected_by_a_browser_and_finds_its_store() -> Result<()> {
    let world = a_merchant().await?;
    let (shop, target) = (Callback::new().await?, "/?btcpay-settings-callback");
    let required = [INVOICES, CREATE, SETTINGS, MODIFY_INVOICES];
    let optional = [REFUNDS, WEBHOOKS];
    let path = php_query(&[&required[..], &optional].concat(), "WooCommerce", &shop.url(target), None);
    let browser = Browser::new(Scripts::On).await?;
    browser.open(&format!("{}{path}", world.gate.url)).await?;
    let (id, number) = browser.waiting().await?;
    let (user, store) = (["--user", MERCHANT], ["--store", &world.home.store]);
    world.home.ok(&[&["approve", &id, "--number", &number], &user[..], &store].concat()).await?;
    let posted = Posted::read(&shop.first("POST").await?, target)?;
    browser.arrives(&shop.url(target)).await?;
    browser.close().await?;

    let (store, policies) = posted.one_store()?;
    let needed: BTreeSet<String> = policies.difference(&set(&optional)).cloned().collect();
    assert_eq!(needed, set(&required), "the required ones exactly, the optional ones or not");
    assert_eq!(store, world.home.store);
    let stores = Caller::with_key(&world.asker, &posted.key).get("/stores").await?;
    assert_eq!(stores.status, 200, "it asks for its stores before it takes the key: {}", stores.body);
    let found: Vec<_> = stores.json()?.as_array().into_iter().flatten().map(|it| it["id"].clone()).collect();
    assert_eq!(found, [json!(store)]);
    Ok(())
}

#[tokio::test]
async fn prestashop_gets_exactly_its_six_in_one_store_at_its_admins_address() -> Result<()> {
    let world = a_merchant().await?;
    let target = "/admin42/index.php/modules/btcpay/validate?_token=Ab-1_%7E.x%2Fy%3D%3D&shop='a'&b=";
    let shop = Callback::new().await?;
    let six = [MODIFY_STORE, WEBHOOKS, SETTINGS, CREATE, INVOICES, MODIFY_INVOICES];
    let name = "Café Müller & Söhne + 1";
    let path = php_query(&six, name, &shop.url(target), Some(name));
    let posted = connect_bakery(&world, &path, &shop, target).await?;
    assert_eq!(posted.one_store()?, (world.home.store.clone(), set(&six)));
    let apps = world.home.ok(&["app", "list"]).await?;
    assert_eq!(apps[0]["identity"]["identifier"], name);
    assert_eq!(apps[0]["names"], json!([name]));
    Ok(())
}

#[tokio::test]
async fn magento_compares_its_key_with_what_it_asked_for() -> Result<()> {
    let world = a_merchant().await?;
    let (shop, target) = (Callback::new().await?, "/rest/V2/btcpay/apikey/save?secret=x&store=1");
    let five = [INVOICES, CREATE, WEBHOOKS, SETTINGS, MODIFY_INVOICES];
    let path = php_query(&five, "Magento 2", &shop.url(target), Some("magento2"));
    let posted = connect_bakery(&world, &path, &shop, target).await?;
    // Its check later on: what the key says of itself, without the stores, is the list it asked for.
    let current = world.asker.current(&posted.key).await?.json()?;
    let held = Posted { permissions: blackbox::asker::sorted(&current["permissions"]), ..posted };
    assert_eq!(held.one_store()?, (world.home.store.clone(), set(&five)));
    assert_eq!(current["apiKey"], held.key);
    Ok(())
}

#[tokio::test]
async fn drupal_commerce_gets_its_four_at_the_address_with_its_state() -> Result<()> {
    let world = a_merchant().await?;
    let target = "/admin/commerce/config/btcpay/callback?state=Zm9v-_bar~%2B%3D";
    let shop = Callback::new().await?;
    let four = [INVOICES, CREATE, SETTINGS, WEBHOOKS];
    let path = php_query(&four, "Drupal Commerce", &shop.url(target), Some("drupal-commerce"));
    let posted = connect_bakery(&world, &path, &shop, target).await?;
    assert_eq!(posted.one_store()?, (world.home.store.clone(), set(&four)));
    Ok(())
}

#[tokio::test]
async fn shopware_finds_its_store_in_the_first_permission() -> Result<()> {
    let world = a_merchant().await?;
    let (shop, target) = (Callback::new().await?, "/api/_action/coincharge/credentials");
    let path = format!(
        "/api-keys/authorize/?applicationName=BTCPayShopwarePlugin&permissions={CREATE}&permissions={INVOICES}\
         &permissions={WEBHOOKS}&selectiveStores=true&redirect={}",
        shop.url(target)
    );
    let posted = connect_bakery(&world, &path, &shop, target).await?;
    let first = posted.permissions.first().context("a permission")?;
    assert_eq!(first.split(':').nth(1), Some(world.home.store.as_str()));
    assert_eq!(posted.one_store()?.1, set(&[CREATE, INVOICES, WEBHOOKS]));
    Ok(())
}

#[tokio::test]
async fn smartstore_reads_its_store_from_the_raw_body() -> Result<()> {
    let world = a_merchant().await?;
    let (shop, target) = (Callback::new().await?, "/admin/btcpay/getautomaticapikeyconfig");
    let path = format!(
        "/api-keys/authorize?applicationName=Bäckerei'sShop&applicationIdentifier=SmartStore1\
         &selectiveStores=true&redirect={}&permissions={MODIFY_STORE}",
        shop.url(target)
    );
    let posted = connect_bakery(&world, &path, &shop, target).await?;
    // It decodes nothing: it looks for the first field whose name begins so, and parts it at `=` and at `%3A`.
    let begins = |name: &str| posted.raw.split('&').find(|field| field.starts_with(name)).map(str::to_owned);
    let key = begins("apiKey").context("apiKey")?;
    assert_eq!(key.split('=').nth(1), Some(posted.key.as_str()));
    let permission = begins("permissions").context("permissions")?;
    let permission = permission.split('=').nth(1).context("a value")?;
    let parts: Vec<&str> = permission.split("%3A").collect();
    assert_eq!(parts, [MODIFY_STORE, world.home.store.as_str()]);
    Ok(())
}

#[tokio::test]
async fn keysat_reads_the_form_strictly_and_takes_the_first_store_of_its_key() -> Result<()> {
    let world = a_merchant().await?;
    let (shop, target) = (Callback::new().await?, "/v1/btcpay/authorize/callback?state=ORSXG5A7MFRGG");
    let five = [SETTINGS, MODIFY_STORE, INVOICES, CREATE, MODIFY_INVOICES];
    let permissions = five.map(|it| format!("permissions={it}")).join("&");
    let path = format!(
        "/api-keys/authorize?applicationName=Keysat&applicationIdentifier=keysat&strict=true\
         &selectiveStores=true&{}&{permissions}",
        shop.redirect(target)
    );
    let posted = connect_bakery(&world, &path, &shop, target).await?;
    // Its parser wants a list wherever there is a bare `permissions`, and finds a text.
    assert!(!posted.raw.split('&').any(|field| field.split('=').next() == Some("permissions")));
    assert_eq!(posted.raw.matches("apiKey=").count(), 1);
    let stores = Caller::with_key(&world.asker, &posted.key).get("/stores").await?.json()?;
    assert_eq!(stores[0]["id"], world.home.store.as_str());
    assert_eq!(posted.one_store()?.1, set(&five));
    Ok(())
}

#[tokio::test]
async fn the_android_app_is_told_what_was_left_of_its_wish_at_its_own_path() -> Result<()> {
    let world = a_merchant().await?;
    let target = format!("/{}", "0123456789abcdef".repeat(4));
    let shop = Callback::new().await?;
    let wished = [SETTINGS, INVOICES, CREATE, MODIFY_INVOICES, "btcpay.user.canviewprofile"];
    let permissions = wished.map(|it| format!("permissions={it}")).join("&");
    let path = format!(
        "/api-keys/authorize?applicationName=BTCPay%20App&{permissions}&strict=false&selectiveStores=false&{}",
        shop.redirect(&target)
    );
    let left = ["--permission", SETTINGS, "--permission", "btcpay.user.canviewprofile"];
    let posted = connect(&world, &path, &shop, &target, &left).await?;
    assert_eq!(posted.permissions, [SETTINGS, "btcpay.user.canviewprofile"]);
    assert_eq!(world.asker.may(&posted.key).await?, posted.permissions);
    Ok(())
}

#[tokio::test]
async fn the_official_dotnet_client_writes_its_booleans_large_and_has_no_name() -> Result<()> {
    let world = a_merchant().await?;
    let (shop, target) = (Callback::new().await?, "/postredirect-callback-test");
    let path = format!(
        "/api-keys/authorize?strict=True&selectiveStores=False&permissions={MODIFY_STORE}\
         &permissions=btcpay.server.canmodifyserversettings&{}&applicationIdentifier=testapp",
        shop.redirect(target)
    );
    let tab = Tab::open(&world.asker, &path).await?;
    let request = world.home.request(&tab.id).await?;
    assert_eq!((&request["strict"], &request["selectiveStores"]), (&json!(true), &json!(false)));
    world.home.ok(&["refuse", &tab.id]).await?;
    assert!(tab.form().await.is_err(), "what was refused is not posted");
    assert!(shop.received().is_empty());
    let posted = connect(&world, &path, &shop, target, &[]).await?;
    assert_eq!(posted.permissions, ["btcpay.server.canmodifyserversettings", MODIFY_STORE], "all stores");
    Ok(())
}

#[tokio::test]
async fn kassiber_keeps_the_store_it_names_and_its_user_pastes_the_key() -> Result<()> {
    let world = a_merchant().await?;
    let store = &world.home.store;
    let path = format!(
        "/api-keys/authorize?applicationName=Kassiber&strict=true&selectiveStores=false\
         &permissions={SETTINGS}%3A{store}&permissions={INVOICES}%3A{store}"
    );
    let tab = Tab::open(&world.asker, &path).await?;
    let args = ["approve", &tab.id, "--number", &tab.number, "--user", MERCHANT];
    let approved = world.home.ok(&args).await?;
    let key = approved["apiKey"].as_str().context("it is shown to the admin")?;
    let page = tab.shows().await?;
    assert!(page.body.contains("shown in Fieldgate") && !page.body.contains(key), "{}", page.body);
    assert!(tab.form().await.is_err(), "there is nowhere to post it");
    let may = world.asker.may(key).await?;
    assert_eq!(may, [format!("{INVOICES}:{store}"), format!("{SETTINGS}:{store}")], "never for all stores");
    Ok(())
}
