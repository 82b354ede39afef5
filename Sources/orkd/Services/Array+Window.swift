extension Array where Element: Sendable {
    /// What is answered about each, in their order. So many questions are under
    /// way at once: as soon as one is answered the next is asked.
    ///
    /// - Throws: what a question throws, or `CancellationError`; then nothing
    ///   more is asked.
    func answers<Answer: Sendable>(
        atOnce: Int, _ ask: @escaping @Sendable (Element) async throws -> Answer
    ) async throws -> [Answer] {
        var answers = [Answer?](repeating: nil, count: count)
        try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            var next = startIndex
            func begin() throws {
                try Task.checkCancellation()
                guard next < endIndex else { return }
                let (place, element) = (next, self[next])
                next += 1
                group.addTask { (place, try await ask(element)) }
            }
            for _ in 0..<atOnce { try begin() }
            while let (place, answer) = try await group.next() {
                answers[place] = answer
                try begin()
            }
        }
        return answers.compactMap(\.self)
    }
}
