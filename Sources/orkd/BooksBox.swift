import NIOConcurrencyHelpers
import ORKit

/// The one place where users' credits meet the threads of the daemon. Apart
/// from the engine: most requests need only one of the two.
///
/// Nothing that waits may be called inside.
final class BooksBox: Sendable {
    private let guarded: NIOLockedValueBox<Books>

    init(_ books: Books = Books()) { guarded = NIOLockedValueBox(books) }

    func change<Answer: Sendable>(_ body: (inout Books) -> Answer) -> Answer {
        guarded.withLockedValue { body(&$0) }
    }
}
