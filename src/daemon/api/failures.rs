use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures of one address in [`WINDOW`] that are answered as such; further ones only with "later".
const MOST: u32 = 20;
const WINDOW: Duration = Duration::from_mins(1);

/// Addresses that are counted each for itself; further ones are counted together.
const MOST_ADDRESSES: usize = 4_096;

/// Calls that were not authentic, by address.
#[derive(Debug, Default)]
pub(super) struct Failures(Mutex<BTreeMap<IpAddr, Count>>);

#[derive(Debug, Clone, Copy)]
struct Count {
    since: Instant,
    failures: u32,
}

impl Failures {
    /// Counts a failure of `from`; after how long to come again, where there were too many.
    pub(super) fn count(&self, from: Option<IpAddr>, now: Instant) -> Option<Duration> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut from = network(from);
        if counts.len() >= MOST_ADDRESSES && !counts.contains_key(&from) {
            counts.retain(|_, count| now.saturating_duration_since(count.since) < WINDOW);
            if counts.len() >= MOST_ADDRESSES {
                from = network(None);
            }
        }
        let count = counts.entry(from).or_insert(Count { since: now, failures: 0 });
        if now.saturating_duration_since(count.since) >= WINDOW {
            *count = Count { since: now, failures: 0 };
        }
        count.failures = count.failures.saturating_add(1);
        let left = WINDOW.saturating_sub(now.saturating_duration_since(count.since));
        (count.failures > MOST).then_some(left)
    }
}

/// Whom an address belongs to: of IPv6 everybody has a network of 64 bits.
fn network(from: Option<IpAddr>) -> IpAddr {
    match from {
        Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(address) => address.into(),
            None => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        },
        Some(address) => address,
        None => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_that_fails_too_often_is_told_to_come_later() {
        let (failures, begin) = (Failures::default(), Instant::now());
        for _ in 0..MOST {
            assert_eq!(failures.count(Some(address("10.0.0.1")), begin), None);
        }
        let later = begin + Duration::from_secs(20);
        assert_eq!(failures.count(Some(address("10.0.0.1")), later), Some(Duration::from_secs(40)));
        assert_eq!(failures.count(Some(address("10.0.0.2")), later), None, "others are not concerned");
        assert_eq!(failures.count(Some(address("10.0.0.1")), begin + WINDOW), None, "a window later all is forgiven");
    }

    #[test]
    fn a_network_of_its_own_is_one_address() {
        let (failures, now) = (Failures::default(), Instant::now());
        for number in 0..MOST {
            failures.count(Some(address(&format!("2001:db8::{number:x}"))), now);
        }
        assert!(failures.count(Some(address("2001:db8::ffff:1")), now).is_some());
        assert_eq!(failures.count(Some(address("2001:db8:0:1::1")), now), None);
    }

    #[test]
    fn however_many_addresses_fail_the_memory_of_it_is_bounded() {
        let (failures, now) = (Failures::default(), Instant::now());
        for number in 0..10_000_u32 {
            failures.count(Some(std::net::Ipv4Addr::from_bits(number).into()), now);
        }
        assert!(failures.0.lock().unwrap().len() <= MOST_ADDRESSES + 1);
        assert!(failures.count(Some(address("9.9.9.9")), now).is_some(), "strangers are counted together by now");
        assert_eq!(failures.count(Some(address("9.9.9.9")), now + WINDOW), None);
    }
}
