// What of a page can be acted on and seen, as JSON text; `report.py` reads it and says what is in it.
//
// It is evaluated in a world of its own: it has the page's document before it, but none of the page's scripts, which in turn
// see nothing of it; and it changes nothing.
(limits, nodes) => {
  "use strict";
  const {
    ELEMENT, TEXT, kindOf, valueOf, firstOf, nextOf, rootOf, localName, shadowOf, attribute, has, matches, boundsOf, rectsOf,
    innerOf, allIn, hitIn, byId, activeIn, widthOf, optionsOf, controlOf, titleOf, visibilityOf, hasFocus, heldBy, slottedIn,
    documentIn, labelsOf, tagOf, typeOf, roleOf, isEditable, says, around, isWithin,
  } = nodes;
  const deadline = performance.now() + limits.milliseconds;
  let nodesLeft = limits.nodes;
  let truncated = false;
  // One element that cannot be read (it stands too deep, say) is missing, and no other.
  const apart = (work) => {
    try {
      work();
    } catch {
      truncated = true;
    }
  };

  // --- boxes: [left, top, right, bottom], in CSS pixels from the corner of the outermost page's viewport ---------------------

  const view = visualViewport;
  const everything = [view.offsetLeft, view.offsetTop, view.offsetLeft + view.width, view.offsetTop + view.height];
  // Screen pixels for each CSS pixel: the page's zoom, the screen's scale, and how far two fingers have enlarged it.
  const scale = devicePixelRatio * view.scale;

  const boxOf = (rect, place) => [rect.left + place.x, rect.top + place.y, rect.right + place.x, rect.bottom + place.y];
  const meet = (a, b) => [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  const area = (box) => Math.max(box[2] - box[0], 0) * Math.max(box[3] - box[1], 0);
  const largest = (boxes) => boxes.reduce((best, box) => (area(box) > area(best) ? box : best), [0, 0, 0, 0]);
  const without = (box, cover) =>
    largest([
      [box[0], box[1], box[2], Math.min(cover[1], box[3])],
      [box[0], Math.max(cover[3], box[1]), box[2], box[3]],
      [box[0], box[1], Math.min(cover[0], box[2]), box[3]],
      [Math.max(cover[2], box[0]), box[1], box[2], box[3]],
    ]);
  const inPixels = (box) => box.map((edge, side) => Math.round((edge - everything[side % 2]) * scale));
  // Where it will be clicked: in the middle of the pixel in its middle.
  const middle = (box) => {
    const [left, top, right, bottom] = inPixels(box);
    const halves = [left + Math.floor((right - left) / 2) + 0.5, top + Math.floor((bottom - top) / 2) + 0.5];
    return halves.map((pixels, side) => pixels / scale + everything[side]);
  };
  const isTooSmall = (box) => {
    const [left, top, right, bottom] = inPixels(box);
    return right - left < limits.smallest || bottom - top < limits.smallest;
  };
  // Left, top, width, height. Edges lie between screen pixels, so that nothing is lost where they are made such again.
  const told = (box) => {
    const [left, top, right, bottom] = inPixels(box);
    return [left, top, right - left, bottom - top].map((pixels) => pixels / devicePixelRatio);
  };
  const innerBox = (node, place) => {
    const [left, top, width, height] = innerOf.map((read) => read(node)), rect = boundsOf(node);
    const [x, y] = [rect.left + left + place.x, rect.top + top + place.y];
    return [x, y, x + width, y + height];
  };

  // --- what cuts elements off ------------------------------------------------------------------------------------------------

  // For each element how much of what is in it can be seen: of what flows in it, of what is absolute, of what is fixed.
  const clips = new Map();
  const clipsIn = (node, place) => {
    if (node === null) return { flow: place.clip, absolute: place.clip, fixed: place.clip };
    if (!clips.has(node)) clips.set(node, computedClips(node, place));
    return clips.get(node);
  };
  const clipFor = (node, place, style = getComputedStyle(node)) => {
    const outer = clipsIn(around(node), place);
    return style.position === "fixed" ? outer.fixed : style.position === "absolute" ? outer.absolute : outer.flow;
  };
  const computedClips = (node, place) => {
    const style = getComputedStyle(node), outer = clipsIn(around(node), place);
    let own = clipFor(node, place, style);
    // What these two say is meant for the viewport.
    const isPage = tagOf(node) === "html" || tagOf(node) === "body";
    const isCutting = style.overflowX !== "visible" || style.overflowY !== "visible";
    if (isCutting && !isPage && style.display !== "inline") own = meet(own, innerBox(node, place));
    const holdsAll = style.transform !== "none" || style.filter !== "none" || style.perspective !== "none";
    return {
      flow: own,
      absolute: holdsAll || style.position !== "static" ? own : outer.absolute,
      fixed: holdsAll ? own : outer.fixed,
    };
  };

  // --- which elements one can act on -----------------------------------------------------------------------------------------

  const CONTROLS = new Set(["button", "select", "textarea", "summary", "label"]);
  const ROLES = new Set(
    "button checkbox combobox link menuitem menuitemcheckbox menuitemradio option radio searchbox slider spinbutton switch tab textbox treeitem".split(" "),
  );
  const LISTENERS = ["onclick", "onmousedown", "onmouseup", "onpointerdown", "ondblclick"];

  const isControl = (node) => {
    const tag = tagOf(node);
    if (CONTROLS.has(tag)) return true;
    if (tag === "input") return typeOf(node) !== "hidden";
    if (tag === "option") return isInOpenList(node);
    if (localName(node) === "a") return has(node, "href") || has(node, "xlink:href");
    if (tag === "audio" || tag === "video") return has(node, "controls");
    if (ROLES.has(roleOf(node))) return true;
    return isEditable(node) && !(around(node) && isEditable(around(node)));
  };
  const isInOpenList = (option) => {
    const group = around(option), list = group && tagOf(group) === "optgroup" ? around(group) : group;
    return list !== null && tagOf(list) === "select" && matches(list, "[multiple], [size]:not([size='0'], [size='1'])");
  };
  // Signs that something happens where it is clicked.
  const isTouchy = (node) => LISTENERS.some((name) => has(node, name)) || (hasHand(node) && !hasHand(around(node)));
  const isStop = (node) => has(node, "tabindex") && Number(attribute(node, "tabindex")) >= 0;
  const hands = new Map();
  const hasHand = (node) => {
    if (node === null) return false;
    if (!hands.has(node)) hands.set(node, getComputedStyle(node).cursor === "pointer");
    return hands.get(node);
  };

  // --- collecting them, in the order of the page -----------------------------------------------------------------------------

  const found = new Map(); // from elements to what is known of them
  const frames = new Map(); // from frames to the documents in them, and their places
  const ownerOf = (node) => {
    for (let at = node; at !== null; at = around(at)) if (found.has(at)) return found.get(at);
    return null;
  };
  const isEnough = () => {
    nodesLeft -= 1;
    truncated ||= nodesLeft < 0 || found.size >= limits.candidates || (nodesLeft % 32 === 0 && performance.now() > deadline);
    return truncated;
  };
  const collect = (root, place, depth) => {
    for (const node of allIn(root, "*")) {
      if (isEnough()) return;
      apart(() => consider(node, place));
      if (depth === limits.depth) continue;
      const shadow = shadowOf(node), inner = documentIn(node);
      if (shadow) collect(shadow, place, depth + 1);
      else if (inner) enter(node, inner, place, depth + 1);
    }
  };
  const consider = (node, place) => {
    const box = boxOf(boundsOf(node), place);
    const seen = area(meet(box, place.clip));
    if (!seen) return;
    const isSure = isControl(node), isSensitive = isSure || isTouchy(node);
    if (!isSensitive && !isStop(node)) return;
    const owner = ownerOf(around(node));
    if (!isSure && (owner?.isSure || seen > limits.holder * area(everything))) return;
    // Where Tab stops and that is all, in it are the elements that are meant.
    if (owner && !owner.isSensitive) found.delete(owner.node);
    found.set(node, { node, place, isSure, isSensitive });
  };
  const enter = (frame, inner, place, depth) => {
    const style = getComputedStyle(frame), box = innerBox(frame, place);
    // One that is drawn larger or smaller has pixels of its own.
    if (Math.abs(boundsOf(frame).width - widthOf(frame)) > 1) return;
    const [left, top, right, bottom] = ["Left", "Top", "Right", "Bottom"].map((side) => parseFloat(style[`padding${side}`]) || 0);
    const content = [box[0] + left, box[1] + top, box[2] - right, box[3] - bottom];
    const within = { x: content[0], y: content[1], clip: meet(content, clipFor(frame, place, style)) };
    frames.set(frame, { document: inner, place: within });
    if (area(within.clip)) collect(inner, within, depth);
  };

  // --- what of an element can be seen ----------------------------------------------------------------------------------------

  // The innermost element at a point, through frames and shadows.
  const elementAt = (x, y) => {
    let [root, place, at] = [document, { x: 0, y: 0 }, null];
    for (let depth = 0; depth <= limits.depth; depth += 1) {
      const hit = hitIn(root, x - place.x, y - place.y);
      if (hit === null || hit === at) return at;
      at = hit;
      if (frames.has(at)) ({ document: root, place } = frames.get(at));
      else if (shadowOf(at)) root = shadowOf(at);
      else return at;
    }
    return at;
  };
  const placeIn = (root) => {
    for (const frame of frames.values()) if (frame.document === root) return frame.place;
    return { x: 0, y: 0, clip: everything };
  };
  const documentOf = (node) => rootOf(node, { composed: true });
  const boxesOf = ({ node, place }) => {
    const rects = [...rectsOf(node)];
    // The box of an inline element is that of its text, however high the picture in it is.
    for (let child = firstOf(node); child !== null && rects.length < limits.rects; child = nextOf(child))
      if (kindOf(child) === ELEMENT && rects.length && localName(node) === "a") rects.push(boundsOf(child));
    return rects.slice(0, limits.rects).map((rect) => boxOf(rect, place));
  };
  // Whether a click on `hit` is one on the element: it is in it, and in nothing smaller that takes clicks for itself.
  const takes = (entry, hit) => {
    const owner = ownerOf(hit);
    if (owner === entry) return true;
    return owner !== null && tagOf(owner.node) === "label" && controlOf(owner.node) === entry.node;
  };
  // What lies over its upper left or lower right corner, and so over any of its sides; what rounds a corner off does not count.
  // A hit test costs more than all else that is asked of an element, so that small ones are spared these.
  const overCorner = (entry, box) => {
    for (const [x, y] of [[box[0] + 2, box[1] + 2], [box[2] - 2, box[3] - 2]]) {
      const hit = elementAt(x, y);
      if (hit !== null && !isWithin(hit, entry.node) && !isWithin(entry.node, hit) && !takes(entry, hit)) return hit;
    }
    return null;
  };
  // The largest part of it of which the middle can be clicked. What lies over its middle or a corner is cut away, a few times.
  const visiblePart = (entry) => {
    const clip = meet(clipFor(entry.node, entry.place), everything);
    const whole = largest(boxesOf(entry).map((box) => meet(box, clip)));
    let box = whole, good = null, isForeign = true;
    for (let attempt = 0; attempt < limits.attempts && !isTooSmall(box); attempt += 1) {
      let cover = elementAt(...middle(box));
      if (cover === null) break;
      if (takes(entry, cover)) {
        good = box;
        cover = area(box) >= limits.large ? overCorner(entry, box) : null;
        if (cover === null) break;
      } else {
        const owner = ownerOf(cover), isInner = owner !== null && isWithin(owner.node, entry.node);
        if (isInner) cover = owner.node;
        isForeign &&= !isInner;
      }
      box = without(box, boxOf(boundsOf(cover), placeIn(documentOf(cover))));
    }
    return good ? { box: good } : { covered: isForeign && !isTooSmall(whole) ? whole : null };
  };

  // --- names, contents, states -----------------------------------------------------------------------------------------------

  const SILENT = new Set(["script", "style", "template", "noscript", "input", "select", "textarea", "iframe", "audio", "video"]);
  const INLINE = new Set("a abbr b bdi bdo cite code em font i kbd label mark q s small span strong sub sup u var wbr".split(" "));

  const tidy = (text, most) => {
    const line = text.replace(/\s+/g, " ").trim();
    return (line.length > most ? `${line.slice(0, most - 1)}…` : line).toWellFormed();
  };
  // The words in a node, as they are read out.
  const wordsIn = (node, budget) => {
    if (budget.nodes-- <= 0 || budget.characters <= 0) return "";
    if (kindOf(node) === TEXT) {
      const text = valueOf(node).slice(0, 4 * limits.name);
      budget.characters -= text.trim().length;
      return text;
    }
    if (kindOf(node) !== ELEMENT || SILENT.has(tagOf(node)) || says(node, "aria-hidden")) return "";
    const label = attribute(node, "aria-label") || (tagOf(node) === "img" && attribute(node, "alt"));
    if (label) return ` ${label} `;
    if (localName(node) !== "title" && !rectsOf(node).length && getComputedStyle(node).display !== "contents") return "";
    return INLINE.has(tagOf(node)) ? contentOf(node, budget) : ` ${contentOf(node, budget)} `;
  };
  const wordsOfAll = (nodes, budget) => nodes.reduce((words, node) => words + wordsIn(node, budget), "");
  const childrenOf = (node, most) => {
    const children = [];
    for (let child = firstOf(node); child !== null && children.length < most; child = nextOf(child)) children.push(child);
    return children;
  };
  const contentOf = (node, budget = { nodes: 200, characters: limits.name }) => {
    const slotted = slottedIn(node) ?? [], shadow = shadowOf(node);
    const words = wordsOfAll(slotted.length ? slotted : childrenOf(node, budget.nodes), budget);
    return words.trim() || shadow === null ? words : wordsOfAll(childrenOf(shadow, budget.nodes), budget);
  };
  const labelled = (node) => {
    const ids = (attribute(node, "aria-labelledby") || "").split(/\s+/, 8).filter(Boolean);
    return ids.map((id) => byId(rootOf(node), id)).filter(Boolean).map((label) => attribute(label, "aria-label") || contentOf(label)).join(" ");
  };
  const BUTTONS = { submit: "Submit", reset: "Reset", button: "", image: "Submit" };
  const ownName = (node) => {
    const tag = tagOf(node), type = typeOf(node);
    if (type in BUTTONS) return attribute(node, "alt") || attribute(node, "value") || BUTTONS[type];
    if (["input", "select", "textarea", "audio", "video"].includes(tag) || isEditable(node)) return "";
    if (tag === "img") return attribute(node, "alt") || "";
    return contentOf(node);
  };
  const nameOf = (node) => {
    const labels = () => [...(labelsOf(node) || [])].map((label) => contentOf(label)).join(" ");
    const sources = [
      () => labelled(node), () => attribute(node, "aria-label"), labels, () => ownName(node),
      () => attribute(node, "placeholder"), () => attribute(node, "aria-placeholder"), () => attribute(node, "title"),
    ];
    for (const source of sources) {
      const name = tidy(source() || "", limits.name);
      if (name) return name;
    }
    return "";
  };
  const UNTOLD = new Set(["checkbox", "radio", "submit", "reset", "button", "image", "file", "color", "range", "hidden"]);
  const textIn = (node) => {
    const tag = tagOf(node), type = typeOf(node);
    if (tag === "select") return [...optionsOf(node)].slice(0, 20).map((option) => tidy(contentOf(option), limits.name)).join(", ");
    if (type === "password") return "•".repeat(Math.min(heldBy(node).length, limits.text));
    if (UNTOLD.has(type)) return "";
    const held = heldBy(node) ?? (isEditable(node) ? contentOf(node, { nodes: 1000, characters: limits.text }) : "");
    return held.slice(0, limits.text).toWellFormed();
  };
  const isWritable = (node) =>
    isEditable(node) ||
    (tagOf(node) === "textarea" && matches(node, ":read-write")) ||
    (tagOf(node) === "input" && !UNTOLD.has(typeOf(node)) && matches(node, ":read-write"));
  const statesOf = (node) => {
    const states = {
      focused: activeIn(rootOf(node)) === node && hasFocus(documentOf(node)),
      checked: matches(node, "input:checked") || says(node, "aria-checked"),
      selected: matches(node, "option:checked") || says(node, "aria-selected"),
      expanded: says(node, "aria-expanded") || matches(node, "details[open] > summary"),
      disabled: matches(node, ":disabled") || says(node, "aria-disabled"),
      editable: isWritable(node),
    };
    return Object.keys(states).filter((name) => states[name]);
  };
  const described = (node, box) => ({
    tag: localName(node),
    type: typeOf(node),
    role: roleOf(node),
    name: nameOf(node),
    text: textIn(node),
    states: statesOf(node),
    box: told(box),
  });

  // --- all of it ---------------------------------------------------------------------------------------------------------------

  // The viewport with its scroll bars, in screen pixels. `innerWidth` is rounded to CSS pixels, media queries are not.
  const pixelsAlong = (axis, rounded) => {
    const about = Math.round(rounded * devicePixelRatio);
    const fits = (pixels) => {
      const [least, most] = [-0.5, 0.5].map((half) => (pixels + half) / devicePixelRatio);
      return matchMedia(`(min-${axis}: ${least}px) and (max-${axis}: ${most}px)`).matches;
    };
    return [0, -1, 1, -2, 2, -3, 3].map((off) => about + off).find(fits) ?? about;
  };

  if (visibilityOf(document) !== "visible") return JSON.stringify({ visible: false });
  collect(document, { x: 0, y: 0, clip: everything }, 0);
  const shown = new Map(), covered = []; // from elements to what is told of them
  for (const entry of found.values()) {
    if (shown.size + covered.length >= limits.elements || performance.now() > deadline) {
      truncated = true;
      break;
    }
    apart(() => {
      const { node } = entry, part = visiblePart(entry);
      const control = tagOf(node) === "label" ? controlOf(node) : node;
      if (part.box && control !== null) shown.set(node, { control, told: described(control, part.box) });
      else if (part.covered) covered.push(told(part.covered));
    });
  }
  // A label stands for its control where that cannot be seen itself: it is drawn in another way.
  const elements = [...shown].filter(([node, { control }]) => control === node || !shown.has(control));
  return JSON.stringify({
    visible: true,
    focused: hasFocus(document),
    title: titleOf(document).slice(0, limits.text).toWellFormed(),
    ratio: devicePixelRatio,
    size: [pixelsAlong("width", innerWidth), pixelsAlong("height", innerHeight)],
    elements: elements.map(([, element]) => element.told),
    covered,
    truncated,
  });
}
