import NIOConcurrencyHelpers
import ORKit

/// Time zones by name, from the files of the system; each is read once.
final class ZoneBook: Sendable {
    private let known = NIOLockedValueBox<[String: ZoneRules]>(["UTC": .utc])
    private let directory: String

    init(directory: String = "/usr/share/zoneinfo") { self.directory = directory }

    /// Reads a zone unless that was done. Blocks.
    ///
    /// - Throws: `bad-value` for a name that is none.
    func learn(_ name: String) throws(CodedError) {
        guard known.withLockedValue({ $0[name] }) == nil else { return }
        guard Self.isName(name),
            let bytes = try? SmallTextFile.read("\(directory)/\(name)", isSecret: false, orElse: .badValue),
            let rules = ZoneRules(bytes)
        else {
            throw CodedError(
                .badValue, "there is no time zone of that name in \(directory)",
                hints: ["for example:   UTC, Europe/Berlin, America/New_York"])
        }
        known.withLockedValue { $0[name] = rules }
    }

    /// Of a zone whose file has gone, UTC's.
    subscript(name: String) -> ZoneRules { known.withLockedValue { $0[name] } ?? .utc }

    /// Words with slashes between them: nothing that leads elsewhere.
    private static func isName(_ name: String) -> Bool {
        let words = name.split(separator: "/", omittingEmptySubsequences: false)
        return (1...64).contains(name.utf8.count)
            && words.allSatisfy { word in
                word.utf8.first.map(isLetter) == true
                    && word.utf8.allSatisfy { isLetter($0) || "0123456789_+-".utf8.contains($0) }
            }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
