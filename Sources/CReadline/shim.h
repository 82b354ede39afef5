// The part of GNU readline that the shell of orkctl uses. The library is
// steered by global variables, which Swift does not let anybody touch safely:
// small functions in their place.
#pragma once
#include <stdio.h>
#include <readline/readline.h>
#include <readline/history.h>

/// - Parameter complete: all there is to say about a word; no file names
///   unless it asks for them.
static inline void orkReadlinePrepare(rl_completion_func_t *complete) {
    // For conditional lines of ~/.inputrc.
    rl_readline_name = "orkctl";
    // Results may go elsewhere; the editing stays where the person is.
    rl_outstream = stderr;
    // The loop around the library waits, and so is interrupted, by itself.
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_attempted_completion_function = complete;
    // Names hold @ + : and =, which are breaks otherwise.
    rl_basic_word_break_characters = " \t\n\"'";
    rl_completer_word_break_characters = " \t\n\"'";
    rl_completer_quote_characters = "\"'";
    using_history();
}

static inline void orkReadlineNoFileNames(void) { rl_attempted_completion_over = 1; }
static inline void orkReadlineNoSpace(void) { rl_completion_append_character = '\0'; }
static inline char *orkReadlineLine(void) { return rl_line_buffer; }

/// The terminal as it was before the editing, and back.
static inline void orkReadlineLeaveTerminal(void) {
    if (rl_deprep_term_function) (*rl_deprep_term_function)();
}

static inline void orkReadlineTakeTerminal(void) {
    if (rl_prep_term_function) (*rl_prep_term_function)(1);
    rl_reset_screen_size();
    rl_forced_update_display();
}

/// Forgets the line and what was half done with it.
static inline void orkReadlineDropLine(void) {
    rl_free_line_state();
    rl_callback_sigcleanup();
    rl_replace_line("", 0);
}

static inline void orkReadlineEndOfFile(void) { fputs("\n", rl_outstream); fflush(rl_outstream); }
