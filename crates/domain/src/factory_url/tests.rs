use super::*;

fn admits(network: FactoryNetwork, text: &str) -> bool {
    text.parse().is_ok_and(|url| network.admits(&url).is_ok())
}

#[test]
fn a_factory_is_reached_by_https_and_on_this_machine_also_by_http() {
    for good in [
        "https://factory.example",
        "https://factory.example:8443/legacy",
        "https://93.184.215.14",
        "http://127.0.0.1:8080",
        "http://localhost:8080",
    ] {
        assert!(admits(FactoryNetwork::Public, good), "{good}");
        assert_eq!(good.parse::<FactoryUrl>().map(|url| url.to_string()).as_deref(), Ok(good));
    }
}

#[test]
fn a_public_factory_has_no_private_address_and_no_http() {
    for bad in [
        "http://factory.example",
        "https://10.0.0.7",
        "https://172.16.0.1",
        "https://192.168.1.1",
        "https://169.254.169.254/latest/meta-data",
        "https://169.254.170.2",
        "http://169.254.169.254",
        "https://0.0.0.0",
    ] {
        assert!(bad.parse::<FactoryUrl>().is_ok(), "{bad}");
        assert!(!admits(FactoryNetwork::Public, bad), "{bad}");
    }
}

#[test]
fn a_private_factory_may_use_http_and_a_private_address_but_not_that_of_credentials() {
    for good in ["http://10.0.0.7:8080", "https://legacy.corp.example", "http://127.0.0.1:8080"] {
        assert!(admits(FactoryNetwork::Private, good), "{good}");
    }
    for bad in ["http://169.254.169.254", "https://169.254.170.2", "http://0.0.0.0"] {
        assert!(!admits(FactoryNetwork::Private, bad), "{bad}");
    }
}

#[test]
fn a_url_that_could_be_read_in_two_ways_is_refused() {
    let long = format!("https://factory.example/{}", "a".repeat(200));
    for bad in [
        "ftp://factory.example",
        // Other spellings of 10.0.0.7.
        "https://0x0a000007",
        "https://167772167",
        "https://10.7",
        "https://[::ffff:10.0.0.7]",
        "https://[::1]",
        "not a URL",
        "",
        "https://",
        "https://factory.example/",
        "https://factory.example//a",
        "https://factory.example/../a",
        "https://factory.example/%2e%2e",
        "https://factory.example:443",
        "https://factory.example:0",
        "https://factory.example:70000",
        "https://Factory.example",
        "https://factory..example",
        "https://-factory.example",
        "https://factory.example?tenant=1",
        "https://factory.example/#legacy",
        "https://user@factory.example",
        "https://factory.example\\@10.0.0.7",
        "https://factory.example\n",
        " https://factory.example",
        long.as_str(),
    ] {
        assert!(bad.parse::<FactoryUrl>().is_err(), "{bad:?}");
    }
}
