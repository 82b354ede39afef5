/// "Did you mean": the nearest of some names.
enum NearestName {
    /// The name with the fewest edits from `text`, if that is close enough to
    /// be meant: at most a third of its length, and never more than four.
    static func of(_ text: String, among names: [String]) -> String? {
        let bytes = Array(text.utf8.prefix(100))
        let bound = min(4, max(1, bytes.count / 3))
        let ranked = names.map { (name: $0, distance: edits(bytes, Array($0.utf8))) }
        return ranked.min { $0.distance < $1.distance }.flatMap { $0.distance <= bound ? $0.name : nil }
    }

    /// Insertions, deletions, replacements and swaps of neighbours that make
    /// one out of the other (optimal string alignment).
    static func edits(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
            for j in b.indices {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, beforeLast[j - 1] + 1)
                }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
