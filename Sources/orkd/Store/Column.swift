internal import FoundationEssentials
internal import GRDB
import ORKit

// Reading columns by place, without a trap on what a damaged file may hold.

extension Row {
    func digest(_ index: Int) throws -> Digest {
        guard let value = Digest([UInt8](self[index] as Data? ?? Data())) else { throw Self.damaged }
        return value
    }

    func word<Word: RawRepresentable>(_ index: Int, as type: Word.Type = Word.self) throws -> Word
    where Word.RawValue == String {
        guard let text = self[index] as String?, let value = Word(rawValue: text) else { throw Self.damaged }
        return value
    }

    func time(_ index: Int) -> WallTime? { (self[index] as Int64?).map { WallTime(milliseconds: $0) } }

    func number(_ index: Int) -> Int64 { self[index] as Int64? ?? 0 }

    func text(_ index: Int) -> String { self[index] as String? ?? "" }

    static var damaged: CodedError {
        CodedError(.databaseCorrupt, "the database holds a value that cannot be there")
    }
}
