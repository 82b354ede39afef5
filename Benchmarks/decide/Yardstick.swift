/// What decisions are compared with, so that a baseline means the same on
/// another machine: hashing with the standard library's hasher. It stays in
/// registers; lookups in a large dictionary were tried first and differed by
/// half from run to run, with what else used the machine's caches.
struct Yardstick {
    /// At once, so that it takes as long as a decision.
    private static let hashes = 64

    private(set) var sum = 0

    mutating func use() {
        for word in 0..<Self.hashes {
            var hasher = Hasher()
            hasher.combine(sum ^ word)
            sum = hasher.finalize()
        }
    }
}
