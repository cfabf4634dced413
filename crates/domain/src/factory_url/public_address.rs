//! Which addresses are public. A factory URL must not lead into our own network or to the service that provides
//! credentials.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether the address is public, according to the special-purpose registries of IANA.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let special = match ip.octets() {
        // "This network", protocol assignments, and reserved. Below: carriers, benchmarks.
        [0, ..] | [192, 0, 0, _] | [240..=255, ..] => true,
        [100, second, ..] => (64..128).contains(&second),
        [198, second, ..] => second == 18 || second == 19,
        _ => false,
    };
    !(special
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation())
}

/// Public addresses are those of 2000::/3, except for ranges that map to IPv4 addresses, protocol assignments and
/// documentation.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    match ip.segments() {
        [0x2001, second, ..] => second >= 0x0200 && second != 0x0db8,
        [0x2002 | 0x3fff, ..] => false,
        [first, ..] => first >> 13 == 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().filter_map(|text| text.parse().ok()).collect()
    }

    #[test]
    fn addresses_of_the_internet_are_public() {
        let public =
            ["8.8.8.8", "93.184.215.14", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"];
        let addresses = addresses(&public);
        assert_eq!(addresses.len(), public.len());
        assert!(addresses.iter().all(|address| is_public(*address)), "{addresses:?}");
    }

    #[test]
    fn addresses_of_private_networks_and_of_special_purposes_are_not() {
        let special = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.31.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.0.1",
            "198.18.0.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        let addresses = addresses(&special);
        assert_eq!(addresses.len(), special.len());
        assert!(!addresses.iter().any(|address| is_public(*address)), "{addresses:?}");
    }
}
