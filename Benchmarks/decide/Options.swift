/// What the command line says.
struct Options {
    private(set) var against: String?
    private(set) var save: String?

    struct Unknown: Error, CustomStringConvertible {
        let word: String
        var description: String { "usage: decide [--against FILE] [--save FILE], not \(word)" }
    }

    init(_ words: some Sequence<String>) throws {
        var words = words.makeIterator()
        while let word = words.next() {
            guard let path = words.next() else { throw Unknown(word: word) }
            switch word {
            case "--against": against = path
            case "--save": save = path
            default: throw Unknown(word: word)
            }
        }
    }
}
