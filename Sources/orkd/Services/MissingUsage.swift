internal import GRDB
import ORKit

/// Fetches what answers did not tell: asks the upstream for the cost of
/// requests that were settled without, and posts the difference (ruling 3).
///
/// The end of a question and its correction are one commit: whatever dies,
/// and whenever, nothing is corrected twice.
struct MissingUsage: Sendable {
    private let store: Store
    private let books: BooksBox
    private let probe: any GenerationProbe
    private let clock: @Sendable () -> Now

    /// Questions at a time.
    static let atOnce = 16

    init(
        _ store: Store, _ books: BooksBox, probe: any GenerationProbe, clock: @escaping @Sendable () -> Now
    ) {
        self.store = store
        self.books = books
        self.probe = probe
        self.clock = clock
    }

    /// Asks what is due.
    ///
    /// - Returns: true where there may be more of it.
    func check() async -> Bool {
        do {
            let due = try await dueQuestions()
            guard !due.isEmpty else { return false }
            try await note(await ask(due))
            return due.count == Self.atOnce
        } catch {
            // The disk is at fault, which shows elsewhere; the questions stay where they are.
            return false
        }
    }

    private struct Question: Sendable {
        var open: InquiryTable.Open
        /// Nil: the key is gone, and with it whoever might have been asked.
        var key: KeyRow?
    }

    private func dueQuestions() async throws -> [Question] {
        let now = clock().wall
        return try await store.read { db in
            try InquiryTable.due(at: now, limit: Self.atOnce, db).map { open in
                Question(open: open, key: try KeyTable.row(db, id: open.inquiry.key))
            }
        }
    }

    private typealias Answered = (question: Question, answer: Inquiry.Answer)

    private func ask(_ questions: [Question]) async -> [Answered] {
        await withTaskGroup(of: Answered.self) { group in
            for question in questions {
                group.addTask { (question, await answer(question)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// A disabled key is not used, for whatever it may be.
    private func answer(_ question: Question) async -> Inquiry.Answer {
        guard let key = question.key, key.enabled, let secret = try? store.open(key, for: .usage) else {
            return .unavailable
        }
        return await probe.usage(of: question.open.inquiry.generation, secret)
    }

    /// Durable, then visible.
    private func note(_ answers: [Answered]) async throws {
        let now = clock().wall
        let corrections = try await store.transact(posting: { db, postings in
            var corrections: [Correction] = []
            for (question, answer) in answers {
                let open = question.open
                let pause = Inquiry.pause(
                    after: answer, tries: open.tries + 1, age: now.milliseconds(since: open.at))
                if let pause, question.key != nil {
                    try InquiryTable.delay(open, to: now.advanced(byMilliseconds: pause), db)
                } else if try InquiryTable.close(open, db), case .known(let usage) = answer {
                    corrections.append(open.inquiry.correction(usage))
                }
            }
            postings += corrections.map { .correct($0) }
            return corrections
        })
        books.change { books in
            for correction in corrections { _ = books.move(-correction.charged, of: correction.user) }
        }
    }
}
