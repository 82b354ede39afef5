final class Counter: @unchecked Sendable { var value = 0 }

/// Four tasks count with one number and no lock.
@main
enum Race {
    static func main() async {
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { for _ in 0..<100_000 { counter.value += 1 } } }
        }
        print(counter.value)
    }
}
