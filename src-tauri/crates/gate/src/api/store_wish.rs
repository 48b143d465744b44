//! The body of a request for a store (Greenfield, `StoreBaseData`).

use domain::{
    Brand, BrokenRule, Criterion, Invoicing, Methods, Page, PaymentOptions, Receipt, StoreDraft,
    StoreSettings, Timing,
};

use super::{
    body::Body,
    error::{Invalid, Refused},
    reading::Reading,
};

/// Reads the body. A field that is absent or null has its default, whether the store is new or there already. First
/// everything is named that is of the wrong type, by its path as it was sent; then every rule that is broken, by the
/// name of its property.
pub(super) fn read(body: &[u8]) -> Result<StoreDraft, Refused> {
    let body = Body::read(body)?;
    let mut reading = Reading::of(&body);
    let (mut name, mut settings) = (String::new(), StoreSettings::default());
    reading.take("name", &mut name);
    read_settings(&mut reading, &mut settings);
    let misfits = reading.misfits();
    if !misfits.is_empty() {
        return Err(Refused::Invalid(misfits));
    }
    let broken = |rule: BrokenRule| Invalid { path: rule.field, message: rule.message };
    StoreDraft::new(&name, settings)
        .map_err(|rules| Refused::Invalid(rules.into_iter().map(broken).collect()))
}

fn read_settings(reading: &mut Reading<'_>, settings: &mut StoreSettings) {
    brand(reading, &mut settings.brand);
    timing(reading, &mut settings.timing);
    invoicing(reading, &mut settings.invoicing);
    payment(reading, &mut settings.payment);
    reading.take("archived", &mut settings.archived);
    methods(reading, &mut settings.methods);
    page(reading, &mut settings.page);
    reading.take_object("receipt", &mut settings.receipt, receipt);
}

fn brand(reading: &mut Reading<'_>, brand: &mut Brand) {
    reading.take("website", &mut brand.website);
    reading.take("brandColor", &mut brand.brand_color);
    reading.take("applyBrandColorToBackend", &mut brand.apply_brand_color_to_backend);
    reading.take("logoUrl", &mut brand.logo_url);
    reading.take("cssUrl", &mut brand.css_url);
    reading.take("paymentSoundUrl", &mut brand.payment_sound_url);
    reading.take("supportUrl", &mut brand.support_url);
}

fn timing(reading: &mut Reading<'_>, timing: &mut Timing) {
    reading.take("invoiceExpiration", &mut timing.invoice_expiration);
    reading.take("displayExpirationTimer", &mut timing.display_expiration_timer);
    reading.take("refundBOLT11Expiration", &mut timing.refund_bolt11_expiration);
    reading.take("monitoringExpiration", &mut timing.monitoring_expiration);
    reading.take("speedPolicy", &mut timing.speed_policy);
}

fn invoicing(reading: &mut Reading<'_>, invoicing: &mut Invoicing) {
    reading.take("lightningDescriptionTemplate", &mut invoicing.lightning_description_template);
    reading.take("paymentTolerance", &mut invoicing.payment_tolerance);
    reading.take("anyoneCanCreateInvoice", &mut invoicing.anyone_can_create_invoice);
    reading.take("defaultCurrency", &mut invoicing.default_currency);
    reading.take_texts("additionalTrackedRates", &mut invoicing.additional_tracked_rates);
}

fn payment(reading: &mut Reading<'_>, payment: &mut PaymentOptions) {
    reading.take("lightningAmountInSatoshi", &mut payment.lightning_amount_in_satoshi);
    reading.take("lightningPrivateRouteHints", &mut payment.lightning_private_route_hints);
    reading.take("onChainWithLnInvoiceFallback", &mut payment.on_chain_with_ln_invoice_fallback);
    reading.take("lazyPaymentMethods", &mut payment.lazy_payment_methods);
    reading.take("redirectAutomatically", &mut payment.redirect_automatically);
}

fn methods(reading: &mut Reading<'_>, methods: &mut Methods) {
    reading.take("showRecommendedFee", &mut methods.show_recommended_fee);
    reading.take("recommendedFeeBlockTarget", &mut methods.recommended_fee_block_target);
    reading.take("defaultPaymentMethod", &mut methods.default_payment_method);
    reading.take("defaultLang", &mut methods.default_lang);
    reading.take("htmlTitle", &mut methods.html_title);
    reading.take("networkFeeMode", &mut methods.network_fee_mode);
    reading.take_objects("paymentMethodCriteria", &mut methods.payment_method_criteria, criterion);
    reading.take("payJoinEnabled", &mut methods.pay_join_enabled);
}

fn criterion(reading: &mut Reading<'_>, criterion: &mut Criterion) {
    reading.take("paymentMethodId", &mut criterion.payment_method_id);
    reading.take("currencyCode", &mut criterion.currency_code);
    reading.take("amount", &mut criterion.amount);
    reading.take("above", &mut criterion.above);
}

fn page(reading: &mut Reading<'_>, page: &mut Page) {
    reading.take("autoDetectLanguage", &mut page.auto_detect_language);
    reading.take("showPayInWalletButton", &mut page.show_pay_in_wallet_button);
    reading.take("showStoreHeader", &mut page.show_store_header);
    reading.take("celebratePayment", &mut page.celebrate_payment);
    reading.take("playSoundOnPayment", &mut page.play_sound_on_payment);
}

fn receipt(reading: &mut Reading<'_>, receipt: &mut Receipt) {
    reading.take("enabled", &mut receipt.enabled);
    reading.take("showQR", &mut receipt.show_qr);
    reading.take("showPayments", &mut receipt.show_payments);
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Every field with a value that is not its default.
    fn everything() -> Value {
        json!({
            "website": "https://shop.example/", "brandColor": "#F7931A", "applyBrandColorToBackend": true,
            "logoUrl": "fileid:logo", "cssUrl": "https://shop.example/a.css",
            "paymentSoundUrl": "https://shop.example/ding.mp3", "supportUrl": "mailto:help@shop.example",
            "invoiceExpiration": 1200, "displayExpirationTimer": 240, "refundBOLT11Expiration": 0,
            "monitoringExpiration": 3600, "speedPolicy": "LowSpeed", "lightningDescriptionTemplate": "{StoreName}",
            "paymentTolerance": 1.5, "anyoneCanCreateInvoice": true, "defaultCurrency": "EUR",
            "additionalTrackedRates": ["JPY"], "lightningAmountInSatoshi": true,
            "lightningPrivateRouteHints": true, "onChainWithLnInvoiceFallback": true, "lazyPaymentMethods": true,
            "redirectAutomatically": true, "archived": true, "showRecommendedFee": false,
            "recommendedFeeBlockTarget": 6, "defaultPaymentMethod": "BTC-LN", "defaultLang": "de",
            "htmlTitle": "Till", "networkFeeMode": "Never",
            "paymentMethodCriteria": [
                { "paymentMethodId": "BTC-LN", "currencyCode": "EUR", "amount": "99.90", "above": true }
            ],
            "payJoinEnabled": true, "autoDetectLanguage": true, "showPayInWalletButton": false,
            "showStoreHeader": false, "celebratePayment": false, "playSoundOnPayment": true,
            "receipt": { "enabled": false, "showQR": false, "showPayments": false },
        })
    }

    fn with_a_name(mut fields: Value) -> Vec<u8> {
        fields["name"] = json!("Shop");
        fields.to_string().into_bytes()
    }

    fn paths(body: &Value) -> Vec<String> {
        match read(body.to_string().as_bytes()) {
            Err(Refused::Invalid(invalid)) => invalid.into_iter().map(|one| one.path).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_field_that_is_written_is_read_under_the_same_name() {
        let draft = read(&with_a_name(everything())).unwrap();
        assert_eq!(serde_json::to_value(draft.settings()).unwrap(), everything());
        let default = serde_json::to_value(StoreSettings::default()).unwrap();
        for (name, value) in everything().as_object().unwrap() {
            assert_ne!(default.get(name), Some(value), "{name} is not its default");
        }
    }

    #[test]
    fn names_come_in_any_case_and_null_is_as_good_as_absent() {
        let everything = everything();
        let shouted =
            everything.as_object().unwrap().iter().map(|(name, value)| (name.to_uppercase(), value.clone()));
        let draft = read(&with_a_name(Value::Object(shouted.collect()))).unwrap();
        assert_eq!(serde_json::to_value(draft.settings()).unwrap(), everything);
        let nothing = everything.as_object().unwrap().keys().map(|name| (name.clone(), Value::Null));
        let draft = read(&with_a_name(Value::Object(nothing.collect()))).unwrap();
        assert_eq!(*draft.settings(), StoreSettings::default());
        let inner = json!({
            "receipt": { "SHOWqr": false, "enabled": null },
            "paymentMethodCriteria": [{ "PaymentMethodId": "BTC-CHAIN", "amount": 5, "above": null, "x": 1 }],
        });
        let draft = read(&with_a_name(inner)).unwrap();
        assert_eq!(draft.settings().receipt, Receipt { show_qr: false, ..Receipt::default() });
        let written = serde_json::to_value(&draft.settings().methods.payment_method_criteria).unwrap();
        let expected = json!([
            { "paymentMethodId": "BTC-CHAIN", "currencyCode": "USD", "amount": "5", "above": false }
        ]);
        assert_eq!(written, expected);
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_point() {
        let fields = json!({
            "invoiceExpiration": 960.0, "recommendedFeeBlockTarget": -3.0, "paymentTolerance": 2.0,
            "paymentMethodCriteria": [{ "paymentMethodId": "BTC-LN", "amount": 5.0 }],
        });
        let settings = read(&with_a_name(fields)).unwrap().settings().clone();
        let (timing, methods) = (settings.timing, settings.methods);
        assert_eq!((timing.invoice_expiration, methods.recommended_fee_block_target), (960, -3));
        assert_eq!(String::from(methods.payment_method_criteria[0].amount.clone()), "5");
    }

    #[test]
    fn everything_of_the_wrong_type_is_named_as_it_was_sent() {
        let body = json!({
            "Name": 7, "WEBSITE": ["x"], "invoiceExpiration": "900", "refundBOLT11Expiration": 1.5,
            "monitoringExpiration": 1e30, "SpeedPolicy": "Fast", "paymentTolerance": "0",
            "additionalTrackedRates": ["EUR", null, 3], "archived": "true", "networkFeeMode": 0,
            "paymentMethodCriteria": [{ "Amount": "1,5" }, 4], "receipt": { "ShowQr": 1 },
        });
        let expected = [
            "Name",
            "WEBSITE",
            "invoiceExpiration",
            "refundBOLT11Expiration",
            "monitoringExpiration",
            "SpeedPolicy",
            "paymentTolerance",
            "additionalTrackedRates[1]",
            "additionalTrackedRates[2]",
            "archived",
            "networkFeeMode",
            "paymentMethodCriteria[0].Amount",
            "paymentMethodCriteria[1]",
            "receipt.ShowQr",
        ];
        assert_eq!(paths(&body), expected);
        let lists = json!({ "additionalTrackedRates": {}, "paymentMethodCriteria": {}, "receipt": [] });
        assert_eq!(paths(&lists), ["additionalTrackedRates", "paymentMethodCriteria", "receipt"]);
    }
}
