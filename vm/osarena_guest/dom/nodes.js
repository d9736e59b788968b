// What `page.js` reads of the nodes of a page: each property by way of the prototype that has it.
//
// A page can name elements so that they hide properties of the document and of forms (`<input name="children">`). Frames have
// prototypes of their own, so that nodes are told apart by type and tag, never by `instanceof`.
() => {
  "use strict";
  const getter = (type, name) => {
    const read = Object.getOwnPropertyDescriptor(type.prototype, name).get;
    return (node) => read.call(node);
  };
  const method = (type, name) => {
    const call = type.prototype[name];
    return (node, ...rest) => call.apply(node, rest);
  };
  // What documents and the roots of shadows both have, each on its own prototype.
  const rooted = (make, ofDocument, ofShadow, name) => {
    const [one, other] = [make(ofDocument, name), make(ofShadow, name)];
    return (root, ...rest) => (kindOf(root) === DOCUMENT ? one : other)(root, ...rest);
  };
  const [ELEMENT, TEXT, DOCUMENT, SHADOW] = [1, 3, 9, 11];
  const kindOf = getter(Node, "nodeType"), valueOf = getter(Node, "nodeValue");
  const parentOf = getter(Node, "parentNode"), firstOf = getter(Node, "firstChild"), nextOf = getter(Node, "nextSibling");
  const rootOf = method(Node, "getRootNode");
  const localName = getter(Element, "localName"), namespaceOf = getter(Element, "namespaceURI");
  const shadowOf = getter(Element, "shadowRoot"), slotOf = getter(Element, "assignedSlot"), hostOf = getter(ShadowRoot, "host");
  const attribute = method(Element, "getAttribute"), has = method(Element, "hasAttribute"), matches = method(Element, "matches");
  const boundsOf = method(Element, "getBoundingClientRect"), rectsOf = method(Element, "getClientRects");
  const innerOf = ["clientLeft", "clientTop", "clientWidth", "clientHeight"].map((name) => getter(Element, name));
  const allIn = rooted(method, Document, ShadowRoot, "querySelectorAll");
  const hitIn = rooted(method, Document, ShadowRoot, "elementFromPoint");
  const byId = rooted(method, Document, DocumentFragment, "getElementById");
  const activeIn = rooted(getter, Document, ShadowRoot, "activeElement");
  const widthOf = getter(HTMLElement, "offsetWidth"), isContentEditable = getter(HTMLElement, "isContentEditable");
  const typeOfInput = getter(HTMLInputElement, "type"), optionsOf = getter(HTMLSelectElement, "selectedOptions");
  const controlOf = getter(HTMLLabelElement, "control");
  const titleOf = getter(Document, "title"), visibilityOf = getter(Document, "visibilityState");
  const hasFocus = method(Document, "hasFocus");
  const ofTag = (table) => (node) => (Object.hasOwn(table, tagOf(node)) ? table[tagOf(node)](node) : undefined);
  const heldBy = ofTag({ input: getter(HTMLInputElement, "value"), textarea: getter(HTMLTextAreaElement, "value") });
  const slottedIn = ofTag({ slot: method(HTMLSlotElement, "assignedNodes") });
  const documentIn = ofTag({
    iframe: getter(HTMLIFrameElement, "contentDocument"),
    frame: getter(HTMLFrameElement, "contentDocument"),
  });
  const labelsOf = ofTag({
    button: getter(HTMLButtonElement, "labels"),
    input: getter(HTMLInputElement, "labels"),
    select: getter(HTMLSelectElement, "labels"),
    textarea: getter(HTMLTextAreaElement, "labels"),
  });

  const isHtml = (node) => namespaceOf(node) === "http://www.w3.org/1999/xhtml";
  // Empty for what is not of HTML: it may be called like something that it is not.
  const tagOf = (node) => (isHtml(node) ? localName(node) : "");
  const typeOf = (node) => (tagOf(node) === "input" ? typeOfInput(node) : "");
  const roleOf = (node) => (attribute(node, "role") || "").trim().split(/\s+/)[0].toLowerCase();
  const isEditable = (node) => isHtml(node) && isContentEditable(node);
  const says = (node, name) => attribute(node, name) === "true";

  // The element around another as it is drawn: the slot in which it stands, and the host of a shadow.
  const around = (node) => {
    const parent = slotOf(node) || parentOf(node);
    if (parent === null || kindOf(parent) === DOCUMENT) return null;
    return kindOf(parent) === SHADOW ? hostOf(parent) : parent;
  };
  const isWithin = (node, outer) => {
    for (let at = node; at !== null; at = around(at)) if (at === outer) return true;
    return false;
  };

  return {
    ELEMENT, TEXT, kindOf, valueOf, firstOf, nextOf, rootOf, localName, shadowOf, attribute, has, matches, boundsOf, rectsOf,
    innerOf, allIn, hitIn, byId, activeIn, widthOf, optionsOf, controlOf, titleOf, visibilityOf, hasFocus, heldBy, slottedIn,
    documentIn, labelsOf, tagOf, typeOf, roleOf, isEditable, says, around, isWithin,
  };
}
