// Where a part of the form enters itself, so that a new one is a new file and nothing else.
//
// All files of this folder become one module (`evalkit.workbench.form_parts`): this one first,
// the others by name. So the top level of a file only defines and enters; the work is done when
// the form calls. Texts are keys of the view's `texts` (`evalkit/workbench/texts.py`).

const byOrder = (registry) => [...registry].sort((a, b) => a.order - b.order);

/**
 * What the body of the form can show: { name, order, title, make(frame) }. `title` is the text key
 * of its button; with a single view there are no buttons. `make` gives an object with
 *   root, head         its elements: the body, and what stands in the head beside the buttons
 *   show()             build for the applicant `frame.current`, and at each new shape of the view
 *   update()           bring up to date; called after every change, so it must be cheap
 *   focus()            put the focus where work goes on
 *   leave()            (optional) commit what is being typed
 *   notice()           (optional) [what it shows as plain values, () => elements] above the body
 *   key(event)         (optional) a key pressed in it
 *   print()            (optional) the elements that are printed in place of the applicant's sheet
 */
const VIEWS = [];

/**
 * A section of an applicant's sheet: { name, order, make(sheet, applicant) }; facts are 10, scores
 * 50. `sheet` has `ledger`, `frame`, `t`, and `id`, a prefix for ids of elements. `make` gives null
 * where there is nothing to show, or an object with
 *   root               its element
 *   update()           (optional) bring up to date
 *   rows               (optional) rows through whose points Enter moves
 *   issues()           (optional) what stands in the way of submitting: [{ kind, label, focus() }];
 *                      the text of a kind is `issue_<kind>` with {n}
 *   notice()           (optional) as of a view
 * and a section with `print(ledger, applicant, t)` gives the elements that stand for it on paper.
 */
const SECTIONS = [];

/**
 * A button of the tool bar: { name, order, title, act(frame), when(frame), more }. `when` (optional)
 * says whether it is offered now; with `more` it stands behind the button for what is rarely used.
 * `openDialog` of dialog.js is there for what asks something, `frame.say(key, values)` for a word
 * about what was done.
 */
const TOOLS = [];

/**
 * What an answer of Python does to the ledger, by its type: (ledger, answer, waiting) => void, where
 * `waiting` is the message that it answers, if that is still waiting. A message goes out by
 * `ledger.post(key, message)`: kept in the browser, sent again until it is answered, once for each
 * key "applicant/what". A refusal of one without "save" stands in `ledger.refusals` under that key.
 */
const ANSWERS = {};
