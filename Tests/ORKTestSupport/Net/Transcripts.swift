import NIOConcurrencyHelpers

/// Every byte that came over some connections, kept per connection: a secret
/// that arrives in pieces is found all the same.
public final class Transcripts: Sendable {
    /// What came over one connection.
    public final class Transcript: Sendable {
        public let label: String
        private let heard = NIOLockedValueBox<[UInt8]>([])

        init(label: String) { self.label = label }

        var bytes: [UInt8] { heard.withLockedValue { $0 } }

        func append(_ bytes: some Sequence<UInt8>) {
            heard.withLockedValue { $0.append(contentsOf: bytes) }
        }
    }

    private let kept = NIOLockedValueBox<[Transcript]>([])

    public init() {}

    var all: [Transcript] { kept.withLockedValue { $0 } }

    func begin(_ label: String) -> Transcript {
        let transcript = Transcript(label: label)
        kept.withLockedValue { $0.append(transcript) }
        return transcript
    }
}
