/// Text from outside, made harmless for a terminal: it cannot move the cursor,
/// change colours, reorder or hide what stands beside it, or begin a new line.
enum Escaped {
    /// Everything that has no shape of its own as `\n`, `\t` or `\u{1b}`; the
    /// rest as it is. Accents stay, unless there are absurdly many or nothing
    /// to put them on.
    static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value >= 0x300 || isDangerous($0) }) else {
            return text
        }
        var result = ""
        var marks = mostMarks
        for scalar in text.unicodeScalars {
            if isMark(scalar) {
                marks += 1
            } else {
                marks = 0
            }
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where marks > mostMarks || isDangerous(scalar):
                result += "\\u{\(String(scalar.value, radix: 16))}"
                // What was escaped carries no accents.
                marks = mostMarks
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// On one letter; no language needs more.
    private static let mostMarks = 4

    static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E: return false
        case 0x00...0x1F, 0x7F...0x9F: return true
        default: break
        }
        let properties = scalar.properties
        switch properties.generalCategory {
        // Bidirectional controls, joiners and other invisible marks; breaks
        // of lines; what no font has.
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            return true
        default: return properties.isDefaultIgnorableCodePoint
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark: true
        default: false
        }
    }
}
