"""Everything that uses Textual's private members, which any release may change.

Each row has the members, what breaks when they change, and the canary that notices: a test on a
real terminal, in `tests/ui/kit/patches/test_canaries.py`.

App._display                                 | a page is sent half laid out | a_dialog_is_sent_once
Screen._compositor_refresh, Screen._dirty_widgets,
Compositor._dirty_regions                    | a page is drawn in vain     | a_dialog_is_sent_once
textual._compositor                          | unchanged lines are sent    | a_dialog_is_sent_once
DOMNode._bindings, App._keymap               | the help knows no key       | a_dialog_is_sent_once
MessagePump._parent, MessagePump._message_queue,
MessagePump._pending_message                 | keys reach the wrong page   | keys_typed_ahead_arrive
App._check_bindings, App._check_action_state | keys reach a page too early | a_late_page_takes_none
textual._xterm_parser, textual._time, Driver._debug,
XTermParser._sequence_to_key_events          | answers are taken for keys  | an_answer_is_no_key
MessagePump._dispatch_message,
App._handle_exception                        | a fault ends the program    | a_fault_ends_nothing
App._context                                 | no worker starts            | a_fault_ends_nothing
App._fatal_error, App._exit_renderables,
MessagePump._close_messages_no_wait          | a crash shows values        | a_crash_shows_no_values
DOMNode._pruning                             | no page is complete         | it_starts_and_ends
MessagePump._mounted_event                   | no organisation can be left | a_page_is_replaced
App._driver                                  | nothing is copied           | a_copy_is_sent
Input._position_to_cell, Input._suggestion,
Input._cell_offset_to_index                  | the cursor is misplaced     | the_cursor_is_in_place
ToggleButton._button                         | a choice is shown by colour | a_choice_has_its_shape
"""
