// Programs with a fault of the kind that each sanitizer is for.
// Here: one program per sanitizer; scripts/sanitize runs them first, because silence proves nothing before a report.
// Not here: tests, or code that anything else uses. May import nothing of ours.

/// Reads the byte behind the end.
@main
enum Overrun {
    static func main() {
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 16)
        bytes.initialize(repeating: 1, count: 16)
        defer { bytes.deallocate() }
        print((0...16).reduce(0) { $0 + Int(bytes[$1]) })
    }
}
