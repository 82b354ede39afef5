/// The latest successes of two different credentials: enough to say whether
/// some other one worked since a moment (ruling 12).
struct RecentSuccesses: Sendable {
    private var last: (key: KeyID, at: WallTime)?
    /// Of a different key, and not later.
    private var other: (key: KeyID, at: WallTime)?

    /// Successes are told in the order in which they end, and dated when they
    /// began: only then was the key looked at.
    mutating func note(_ key: KeyID, at time: WallTime) {
        guard let last else {
            self.last = (key, time)
            return
        }
        if last.key == key {
            self.last = (key, max(last.at, time))
        } else if time >= last.at {
            other = last
            self.last = (key, time)
        } else if other.map({ time >= $0.at }) ?? true {
            other = (key, time)
        }
    }

    func anyOther(than key: KeyID, since time: WallTime) -> Bool {
        [last, other].contains { success in success.map { $0.key != key && $0.at > time } ?? false }
    }
}
