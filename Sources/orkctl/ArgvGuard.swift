internal import ORKit

/// Arguments are visible to everybody on the machine and stay in the shell's
/// history: a secret among them stops the command before anything else.
enum ArgvGuard {
    static func check(_ arguments: [String]) throws {
        let isFound = arguments.contains { argument in
            // `-xSECRET` is an option and its value in one word.
            SecretShape.isIn(argument)
                || (argument.hasPrefix("-") && SecretShape.isIn(String(argument.dropFirst(2))))
        }
        guard isFound else { return }
        throw CodedError(
            .secretOnArgv,
            hints: [
                "it is now in your shell's history and was visible in ps; consider it leaked if others use this machine",
                "pass it on stdin:   orkctl keys add NAME < FILE",
            ])
    }
}
