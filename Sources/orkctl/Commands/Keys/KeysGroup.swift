// Commands: one file for each verb, in a folder for each noun.
// Here: options, one call, how the answer is shown. Not here: transport, formats, decisions.
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser

/// `orkctl keys`.
struct KeysGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "The upstream keys in the pool.",
        discussion: """
            orkctl keys add main-1 < main-1.txt
            orkctl keys list --state resting
            orkctl keys disable 'main-*' --reason 'found in a public place'
            """,
        subcommands: [
            KeysList.self, KeysShow.self, KeysAdd.self, KeysImport.self, KeysExport.self, KeysSet.self,
            KeysEnable.self, KeysDisable.self, KeysRotate.self, KeysTest.self, KeysReset.self, KeysUndo.self,
            KeysSetState.self, KeysHistory.self, QuotaGroup.self, KeysRemove.self, KeysPrune.self,
        ])
}
