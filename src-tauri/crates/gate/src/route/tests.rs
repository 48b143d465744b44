use proptest::prelude::*;

use super::*;

#[test]
fn each_endpoint_is_found_with_and_without_a_slash_at_its_end() {
    let text = |text: &str| text.to_owned();
    for (method, path, route) in [
        ("GET", "/api-keys/authorize", Route::Authorize),
        ("HEAD", "/api-keys/authorize", Route::Authorize),
        ("GET", "/api-keys/authorize/abc", Route::Asked { id: text("abc") }),
        ("GET", "/api-keys/authorize/abc/status", Route::Status { id: text("abc") }),
        ("POST", "/api-keys/authorize/abc/raise", Route::Raise { id: text("abc") }),
        ("GET", "/api/v1/health", Route::Api(ApiCall::Health)),
        ("GET", "/api/v1/server/info", Route::Api(ApiCall::ServerInfo)),
        ("GET", "/api/v1/api-keys/current", Route::Api(ApiCall::CurrentKey)),
        ("DELETE", "/api/v1/api-keys/current", Route::Api(ApiCall::RevokeCurrentKey)),
        ("POST", "/api/v1/api-keys", Route::Api(ApiCall::CreateKey)),
        ("DELETE", "/api/v1/api-keys/k", Route::Api(ApiCall::RevokeKey { key: text("k") })),
        ("POST", "/api/v1/users/a%40b/api-keys", Route::Api(ApiCall::CreateUserKey { user: text("a@b") })),
        (
            "DELETE",
            "/api/v1/users/a%2Bc@b/api-keys/%6b",
            Route::Api(ApiCall::RevokeUserKey { user: text("a+c@b"), key: text("k") }),
        ),
        ("GET", "/api/v1/stores", Route::Api(ApiCall::Stores)),
        ("POST", "/api/v1/stores", Route::Api(ApiCall::CreateStore)),
        ("GET", "/api/v1/stores/%53", Route::Api(ApiCall::Store { store: text("S") })),
        ("PUT", "/api/v1/stores/S", Route::Api(ApiCall::ChangeStore { store: text("S") })),
        ("DELETE", "/api/v1/stores/S", Route::Api(ApiCall::LeaveStore { store: text("S") })),
        ("GET", "/api/v1/stores/S/roles", Route::Api(ApiCall::StoreRoles { store: text("S") })),
        ("GET", "/api/v1/server/roles", Route::Api(ApiCall::ServerRoles)),
        ("HEAD", "/misc/permissions", Route::Permissions),
    ] {
        assert_eq!(find(method, path).as_ref(), Ok(&route), "{path}");
        assert_eq!(find(method, &format!("{path}/")), Ok(route), "{path}/");
    }
}

#[test]
fn what_is_not_there_is_told_apart_from_what_is_not_done() {
    for path in
        ["", "/", "//", "*", "/api", "/api/v1", "/api/v1/api-keys//x", "/api//v1/health", "/%ff", "/api-keys"]
    {
        assert_eq!(find("GET", path), Err(Unserved::NotFound), "{path}");
    }
    for (method, path, allow) in [
        ("POST", "/api-keys/authorize", "GET, HEAD"),
        ("OPTIONS", "/api/v1/api-keys", "POST"),
        ("get", "/api/v1/health", "GET, HEAD"),
        ("PUT", "/api/v1/api-keys/current", "GET, HEAD, DELETE"),
        ("GET", "/api/v1/api-keys/k", "DELETE"),
        ("HEAD", "/api-keys/authorize/x/raise", "POST"),
        ("POST", "/misc/permissions", "GET, HEAD"),
        ("PATCH", "/api/v1/stores/S", "GET, HEAD, PUT, DELETE"),
    ] {
        assert_eq!(find(method, path), Err(Unserved::NotAllowed(allow.to_owned())), "{method} {path}");
    }
}

#[test]
fn an_encoded_slash_is_no_separator_and_encoding_hides_no_area() {
    assert_eq!(find("GET", "/api-keys/authorize/a%2Fstatus"), Ok(Route::Asked { id: "a/status".to_owned() }));
    assert_eq!(area("/%61pi/v1/health"), Area::Api);
    assert_eq!(area("/api/v1/nothing"), Area::Api);
    assert_eq!(area("/api-keys/%61uthorize/"), Area::Authorize);
    assert_eq!(area("/api-keys/authorize/x/y/z"), Area::Asked);
}

proptest! {
    #[test]
    fn no_method_and_path_makes_routing_stumble(method in "\\PC{0,9}", path in "(/?(api|v1|%[0-9a-fA-F]{0,2}|\\PC){0,4}){0,8}") {
        let _ = find(&method, &path);
        let _ = area(&path);
    }

    #[test]
    fn whatever_is_served_under_api_is_guarded_as_api(path in "(/(api|%61pi)/(v1|v%31)/(health|server/info|stores)|/m%69sc/permissions)/?") {
        prop_assert!(!matches!(find("GET", &path), Err(Unserved::NotFound)));
        prop_assert_eq!(area(&path), Area::Api);
    }
}
