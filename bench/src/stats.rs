//! The arithmetic of the figures: medians, ratios of paired rounds, and what `/proc` says of a process.

use std::time::Duration;

/// The middle of some measurements, with the least and the greatest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) greatest: f64,
}

impl Spread {
    /// Of at least one value.
    ///
    /// # Panics
    /// When `values` is empty.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let (Some(&least), Some(&greatest)) = (sorted.first(), sorted.last()) else {
            panic!("a spread of nothing");
        };
        let middle = sorted.len() / 2;
        let median =
            if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) };
        Self { median, least, greatest }
    }

    /// Of `over[i] / under[i]`: the two were measured right after each other in round `i`, so what slowed the machine
    /// down in that round slowed both.
    pub(crate) fn of_ratios(over: &[f64], under: &[f64]) -> Self {
        assert_eq!(over.len(), under.len(), "rounds come in pairs");
        Self::of(over.iter().zip(under).map(|(over, under)| over / under))
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { median, least, greatest } = self;
        let text = format!("{median:.2} ({least:.2}..{greatest:.2})");
        f.pad(&text)
    }
}

/// User and system time of a process with all its threads, from the text of `/proc/<pid>/stat` (proc(5): `utime` and
/// `stime`, fields 14 and 15, in clock ticks).
pub(crate) fn cpu_of_stat(stat: &str, ticks_per_second: u32) -> Option<Duration> {
    // The second field is the command's name in brackets, which may hold spaces and brackets itself.
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(Duration::from_secs(1) * (user + system) / ticks_per_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_value_whatever_the_order() {
        let spread = Spread::of([9.0, 1.0, 5.0]);
        assert_eq!(spread, Spread { median: 5.0, least: 1.0, greatest: 9.0 });
    }

    #[test]
    fn an_even_count_takes_the_mean_of_the_two_in_the_middle() {
        let spread = Spread::of([4.0, 1.0, 2.0, 100.0]);
        assert!((spread.median - 3.0).abs() < f64::EPSILON);
    }

    #[test]
    fn one_outlier_does_not_move_a_median() {
        let quiet = Spread::of([1.0, 1.1, 1.2, 1.3, 1.4]);
        let noisy = Spread::of([1.0, 1.1, 1.2, 1.3, 40.0]);
        assert!((quiet.median - noisy.median).abs() < f64::EPSILON);
        assert!((noisy.greatest - 40.0).abs() < f64::EPSILON);
    }

    #[test]
    fn ratios_are_of_the_same_round() {
        // Each round is twice as slow as the one before, the ratio stays.
        let spread = Spread::of_ratios(&[3.0, 6.0, 12.0], &[2.0, 4.0, 8.0]);
        assert_eq!(spread, Spread { median: 1.5, least: 1.5, greatest: 1.5 });
        assert_eq!(spread.to_string(), "1.50 (1.50..1.50)");
    }

    #[test]
    #[should_panic(expected = "rounds come in pairs")]
    fn a_missing_round_is_noticed() {
        Spread::of_ratios(&[1.0], &[1.0, 2.0]);
    }

    #[test]
    fn cpu_time_is_user_and_system_together() {
        let stat = "4242 (workerd) S 1 4242 4242 0 -1 4194304 9000 0 12 0 345 67 8 9 20 0 9 0 179079 3133440 394";
        assert_eq!(cpu_of_stat(stat, 100), Some(Duration::from_millis(4120)));
    }

    #[test]
    fn the_name_of_a_process_may_hold_anything() {
        let stat = "1 (a) b (c 1 2 3) R 1 1 1 0 -1 0 0 0 0 0 7 3 0 0 20 0 1 0 0 0 0";
        assert_eq!(cpu_of_stat(stat, 100), Some(Duration::from_millis(100)));
    }

    #[test]
    fn a_cut_off_text_gives_nothing() {
        assert_eq!(cpu_of_stat("1 (workerd) S 1 1", 100), None);
        assert_eq!(cpu_of_stat("", 100), None);
    }
}
