use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn set(fields: Value) -> StoreSettings {
    serde_json::from_value(fields).unwrap()
}

fn broken(name: &str, fields: Value) -> Vec<String> {
    let rules = StoreDraft::new(name, set(fields)).err().unwrap_or_default();
    rules.into_iter().map(|rule| rule.field).collect()
}

#[test]
fn the_defaults_are_the_published_ones_in_the_published_order() {
    let written = serde_json::to_string(&StoreSettings::default()).unwrap();
    assert_eq!(
        written,
        concat!(
            r#"{"website":null,"brandColor":null,"applyBrandColorToBackend":false,"logoUrl":null,"cssUrl":null,"#,
            r#""paymentSoundUrl":null,"supportUrl":null,"invoiceExpiration":900,"displayExpirationTimer":300,"#,
            r#""refundBOLT11Expiration":30,"monitoringExpiration":86400,"speedPolicy":"MediumSpeed","#,
            r#""lightningDescriptionTemplate":"Paid to {StoreName} (Order ID: {OrderId})","paymentTolerance":0.0,"#,
            r#""anyoneCanCreateInvoice":false,"defaultCurrency":"USD","additionalTrackedRates":[],"#,
            r#""lightningAmountInSatoshi":false,"lightningPrivateRouteHints":false,"#,
            r#""onChainWithLnInvoiceFallback":false,"lazyPaymentMethods":false,"redirectAutomatically":false,"#,
            r#""archived":false,"showRecommendedFee":true,"recommendedFeeBlockTarget":1,"#,
            r#""defaultPaymentMethod":null,"htmlTitle":null,"networkFeeMode":"MultiplePaymentsOnly","#,
            r#""paymentMethodCriteria":[],"payJoinEnabled":false,"autoDetectLanguage":false,"#,
            r#""showPayInWalletButton":true,"showStoreHeader":true,"celebratePayment":true,"#,
            r#""playSoundOnPayment":false,"receipt":{"enabled":true,"showQR":true,"showPayments":true}}"#,
        )
    );
    assert_eq!(set(json!({})), StoreSettings::default());
}

#[test]
fn every_broken_rule_is_named_at_once_by_the_name_of_its_property() {
    let criterion = json!({ "paymentMethodId": "", "currencyCode": "US$", "amount": "-0.01" });
    let fields = json!({
        "website": "shop.example", "brandColor": "orange", "logoUrl": "fileid:", "cssUrl": "style.css",
        "paymentSoundUrl": "ftp://x/y", "supportUrl": "help me", "invoiceExpiration": 59,
        "displayExpirationTimer": 2_073_601, "refundBOLT11Expiration": 3651, "monitoringExpiration": 599,
        "paymentTolerance": 100.5, "defaultCurrency": "", "additionalTrackedRates": ["EUR", "?"],
        "defaultPaymentMethod": "BTC CHAIN", "paymentMethodCriteria": [criterion],
    });
    let expected = [
        "Name",
        "Website",
        "BrandColor",
        "LogoUrl",
        "CssUrl",
        "PaymentSoundUrl",
        "SupportUrl",
        "InvoiceExpiration",
        "DisplayExpirationTimer",
        "RefundBOLT11Expiration",
        "MonitoringExpiration",
        "PaymentTolerance",
        "DefaultCurrency",
        "AdditionalTrackedRates[1]",
        "DefaultPaymentMethod",
        "PaymentMethodCriteria[0].PaymentMethodId",
        "PaymentMethodCriteria[0].CurrencyCode",
        "PaymentMethodCriteria[0].Amount",
    ];
    assert_eq!(broken(" ", fields), expected);
}

#[test]
fn a_list_has_fifty_entries_at_most() {
    let criterion = json!({ "paymentMethodId": "BTC-CHAIN", "amount": "1" });
    let lists = |length: usize| json!({ "additionalTrackedRates": vec!["EUR"; length], "paymentMethodCriteria": vec![criterion.clone(); length] });
    assert_eq!(broken("Bakery", lists(50)), [""; 0]);
    assert_eq!(broken("Bakery", lists(51)), ["AdditionalTrackedRates", "PaymentMethodCriteria"]);
}

#[test]
fn the_ends_of_every_range_are_within_it() {
    for fields in [
        json!({ "invoiceExpiration": 60, "displayExpirationTimer": 60, "monitoringExpiration": 600,
                "refundBOLT11Expiration": 0, "paymentTolerance": 0 }),
        json!({ "invoiceExpiration": 2_073_600, "displayExpirationTimer": 2_073_600, "monitoringExpiration": 2_073_600,
                "refundBOLT11Expiration": 3650, "paymentTolerance": 100 }),
    ] {
        assert_eq!(broken("Shop", fields), Vec::<String>::new());
    }
}

#[test]
fn addresses_are_what_their_field_is_for() {
    for (field, name, good, bad) in [
        (
            "website",
            "Website",
            &["https://shop.example", "http://localhost:8080/x?y=z"][..],
            &[
                "shop.example:80",
                "javascript:alert(1)",
                "https://",
                "https://a b",
                " https://a",
                "https://a\n",
            ][..],
        ),
        (
            "logoUrl",
            "LogoUrl",
            &["https://shop.example/l.png", "fileid:a-1"],
            &["data:,x", "/l.png", "fileid:a b"],
        ),
        (
            "supportUrl",
            "SupportUrl",
            &["mailto:help@shop.example?subject={OrderId}", "nostr:npub1x", "https://x.example/{InvoiceId}"],
            &["help@shop.example", "nowhere", "mailto:a b"],
        ),
    ] {
        for text in good {
            assert_eq!(broken("Shop", json!({ field: text })), Vec::<String>::new(), "{field} {text}");
        }
        for text in bad {
            assert_eq!(broken("Shop", json!({ field: text })), [name], "{field} {text:?}");
        }
    }
}

#[test]
fn a_brand_colour_is_a_hash_and_six_hex_digits() {
    assert_eq!(broken("Shop", json!({ "brandColor": "#F7931a" })), Vec::<String>::new());
    for bad in ["F7931A", "#F7931", "#F7931A0", "#F7931G", "#é7931", "orange"] {
        assert_eq!(broken("Shop", json!({ "brandColor": bad })), ["BrandColor"], "{bad}");
    }
}

#[test]
fn a_name_has_1_to_50_characters_that_are_seen() {
    for good in ["a", "ü", &"ü".repeat(50), "  Bakery 🥐 "] {
        let draft = StoreDraft::new(good, StoreSettings::default()).unwrap();
        assert_eq!(draft.name(), good.trim());
    }
    for bad in ["", "  ", "\n", &"ü".repeat(51), "a\nb", "a\u{7}"] {
        assert_eq!(broken(bad, json!({})), ["Name"], "{bad:?}");
    }
}

#[test]
fn spans_are_kept_in_whole_minutes_and_empty_texts_as_none() {
    let sent = json!({ "invoiceExpiration": 119, "displayExpirationTimer": 60, "monitoringExpiration": 86_459,
                       "website": "", "brandColor": "", "defaultLang": "", "defaultPaymentMethod": "" });
    let draft = StoreDraft::new("Shop", set(sent)).unwrap();
    let kept =
        json!({ "invoiceExpiration": 60, "displayExpirationTimer": 60, "monitoringExpiration": 86_400 });
    assert_eq!(*draft.settings(), set(kept));
}

#[test]
fn words_are_read_in_any_case_and_no_other_word_is() {
    let read = set(json!({ "speedPolicy": "lowmediumspeed", "networkFeeMode": "NEVER" }));
    assert_eq!(read.timing.speed_policy, SpeedPolicy::LowMediumSpeed);
    assert_eq!(read.methods.network_fee_mode, NetworkFeeMode::Never);
    for bad in
        [json!({ "speedPolicy": "Fast" }), json!({ "networkFeeMode": "" }), json!({ "speedPolicy": 0 })]
    {
        assert!(serde_json::from_value::<StoreSettings>(bad).is_err());
    }
}

#[test]
fn an_amount_is_kept_digit_by_digit_and_written_as_a_text() {
    for (sent, kept) in [
        (json!("0.10"), "0.10"),
        (json!(12), "12"),
        (json!(0.25), "0.25"),
        (json!("-0"), "-0"),
        (json!(i64::MAX), "9223372036854775807"),
        (json!("1234567890123456789012345678"), "1234567890123456789012345678"),
    ] {
        let read: Amount = serde_json::from_value(sent).unwrap();
        assert!(!read.is_negative());
        assert_eq!(serde_json::to_value(read).unwrap(), json!(kept));
    }
    assert!(Amount::parse("-0.01").unwrap().is_negative());
    for bad in ["", "-", ".", "1.", ".5", "1e3", "1,5", "+1", "٣", "0x1", &"1".repeat(29)] {
        assert!(Amount::parse(bad).is_err(), "{bad}");
    }
    for inexact in [json!(9_223_372_036_854_775_808_u64), json!(9_007_199_254_740_992.0), json!(1e-30)] {
        assert!(serde_json::from_value::<Amount>(inexact.clone()).is_err(), "{inexact}");
    }
}

proptest! {
    #[test]
    fn what_keeps_the_rules_reads_back_as_written(
        website in "https://[a-z]{1,9}\\.example/[a-z]{0,5}",
        invoice in 60_i64..=2_073_600, tolerance in 0..=10_000_i32, lang in prop::option::of("[a-z]{2}"),
        flags in any::<[bool; 3]>(), amount in "[0-9]{1,9}(\\.[0-9]{1,8})?"
    ) {
        let mut settings = StoreSettings { archived: flags[0], ..StoreSettings::default() };
        settings.brand.website = Some(website);
        settings.timing.invoice_expiration = invoice;
        settings.invoicing.payment_tolerance = f64::from(tolerance) / 100.0;
        settings.methods.default_lang = lang;
        settings.page.celebrate_payment = flags[1];
        settings.receipt.show_qr = flags[2];
        let criterion = Criterion {
            payment_method_id: "BTC-CHAIN".to_owned(),
            amount: Amount::parse(&amount).unwrap(),
            ..Criterion::default()
        };
        settings.methods.payment_method_criteria.push(criterion);
        let draft = StoreDraft::new("Shop", settings).unwrap();
        let text = serde_json::to_string(draft.settings()).unwrap();
        let read: StoreSettings = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, draft.settings());
        prop_assert_eq!(StoreDraft::new("Shop", read).unwrap(), draft);
    }
}
