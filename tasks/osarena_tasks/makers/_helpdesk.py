"""What people write to the service desk of Kestrel College, and what its knowledge base says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# Building: how its printers' queues call it, and rooms other than those with a printer.
BUILDINGS: Mapping[str, tuple[str, Sequence[str]]] = {
    "Mallory Library": ("MAL", ("seminar room 2", "map room", "staff office", "group room 5")),
    "Aldermore House": ("ALD", ("room G 12", "room 1 07", "registry", "lecture hall")),
    "Tern Building": ("TER", ("lab 3", "lab 5", "room 2 14", "workshop")),
    "Wycliffe Wing": ("WYC", ("music room", "room 0 21", "studio B", "green room")),
}
# Where each building has a printer, and how its queue calls that.
PRINTER_ROOMS: Mapping[str, str] = {"reading room": "RR", "entrance hall": "EH"}

FIRST_NAMES = (
    "Amara", "Boris", "Celia", "Deniz", "Edith", "Farid", "Gwen", "Hector", "Irena", "Joao", "Karla", "Leon",
    "Mirela", "Nils", "Oksana", "Pascal", "Rosa", "Stefan", "Tilda", "Viktor", "Wanda", "Yusuf", "Zora",
)  # fmt: skip
LAST_NAMES = (
    "Abbott", "Bianchi", "Calder", "Dimitrov", "Estrada", "Fairley", "Galvin", "Haddad", "Iversen", "Jessop", "Kowalski",
    "Laurent", "Mensah", "Norberg", "Okafor", "Petrov", "Quint", "Rossi", "Sandoval", "Thorpe", "Usman", "Varga", "Whitlock",
)  # fmt: skip
# No two begin alike: in a drop-down list a name is found by its first letters.
AGENTS = ("Bettina Kruse", "Curtis Ward", "Dalia Moreno", "Imre Szabo", "Nadia Rahman", "Patrick Lowe", "Saskia Vos")

# Team: subject and text of what comes in. None of it is about a printer that does not print.
TICKETS: Mapping[str, Sequence[tuple[str, str]]] = {
    "Accounts": (
        ("Cannot get into my mailbox", "Since I changed my password on Friday the mail program asks for it again and again."),
        ("Locked out", "I typed the old password five times and now the account is locked. I teach at eleven."),
        ("Name change", "I got married and would like my new name in the address book. The certificate is with the registry."),
        ("Account for a guest lecturer", "Dr. Osei from Accra stays with us for six weeks and needs mail and the shared drive."),
        ("Second factor on a new telephone", "My old telephone fell into the canal. How do I move the codes to the new one?"),
        ("Shared calendar has gone", "The calendar of the exam office is not in my list any more. My colleagues still have it."),
    ),
    "Classrooms": (
        ("Projector shows a blue picture only", "The cable is in, the laptop sees it, but the wall stays blue."),
        ("Microphone crackles", "Every time the speaker moves, the loudspeakers crackle. New batteries did not help."),
        ("Document camera missing", "It was there on Tuesday. Has anybody borrowed it?"),
        ("Screen does not come down", "The motor hums, the screen does not move."),
        ("Remote control without batteries", "Two AAA would do. The cupboard is empty."),
    ),
    "Hardware": (
        ("Laptop battery lasts twenty minutes", "It is four years old. Can I have a new battery, or is it time for a new one?"),
        ("Keyboard: the E sticks", "You will not believe how many words hav on."),
        ("Second monitor for the exam office", "We compare lists all day long. A second monitor would save us much scrolling."),
        ("Docking station does not charge", "The laptop finds network and monitor, but it does not charge any more."),
        ("Coffee over keyboard", "It was only half a cup. The laptop is off and upside down on a towel."),
        ("Socket by the window has no power", "I can charge nothing there. The lamp beside it works."),
    ),
    "Network": (
        ("Weak wireless signal", "In the back row the laptops lose the network all the time. In front it works."),
        ("Cable outlet dead", "Outlet 14 by the door. I tried another cable and another computer."),
        ("Cannot reach the shared drive from home", "The tunnel comes up, but the drive does not appear."),
        ("Very slow since this morning", "Pages take a minute to come up. My telephone is quick on the same network."),
        ("Guest network asks for a code", "We have forty visitors on Thursday. Where do the codes come from?"),
    ),
    "Printing": (
        ("Prints come out pale", "One can hardly read them. It is the same with the copies."),
        ("Staples are used up", "The machine asks for cartridge type K."),
        ("Please credit twelve pages", "The machine took my pages, but the prints were empty. The receipt is with me."),
        ("Scan to mail does not arrive", "I have scanned the contract three times. Nothing has come."),
        ("Prints both sides although I chose one", "For the certificates I need single sheets."),
    ),
    "Software": (
        ("Statistics program wants a licence", "It says that the licence ends in three days. I need it until the end of term."),
        ("Spreadsheet opens read-only", "Somebody seems to have it open, but we are all here and nobody has."),
        ("Fonts look odd after the update", "All letters are thinner than before and the pages break elsewhere."),
        ("Please install the map program in the lab", "For the course in May, on all fourteen computers."),
        ("Video call without sound", "I see the others but do not hear them. In the browser test it works."),
        ("Timetable page is empty", "It worked yesterday. My colleague next door has the same."),
    ),
}  # fmt: skip

# Subject and text of somebody whose printer does not print; "{room}" is where it is.
BROKEN: Sequence[tuple[str, str]] = (
    (
        "Printer in the {room} is dead",
        "I switched it on, it hummed, and then the display went black. My pages are in it.",
    ),
    ("Nothing comes out", "I have sent my handout four times. The printer in the {room} blinks orange and does nothing."),
    ("Paper stuck for good", "The printer in the {room} says that paper is stuck. I opened every flap and found none."),
    ("Printer out of order?", "There is a note on the printer in the {room} that says: broken. Does anybody know about it?"),
    ("Error 59.F0", "That is what the printer in the {room} has been showing since eight o'clock, with a red light."),
)
ASKING = (
    "Where can I print in the meantime?",
    "The printer in the {room} does not work, as you surely know. I have to hand in my paper today, and from ten o'clock I am"
    " in {other_building}. Which queue and which server do I have to enter for the printer in the {other_room} there?",
)
# About the same printer, but from before or already in hand.
IN_HAND = ("Strange noise", "The printer in the {room} squeals like a tram before it stops.", "A technician is on the way.")
DONE = ("Toner empty", "The printer in the {room} asks for black toner.", "We have put in a new cartridge.")

# Category: title and paragraphs of articles.
ARTICLES: Mapping[str, Sequence[tuple[str, Sequence[str]]]] = {
    "Accounts": (
        ("Change your password", (
            "Passwords have at least twelve characters and are valid for a year. You change yours on any computer of the"
            " college with Ctrl+Alt+Delete, or at the desk with your staff card.",
            "Programs that remember the old password lock your account within minutes. Sign out of mail on your telephone"
            " before you change it.")),
        ("Set up the second factor", (
            "The second factor is a code from an app or from a key ring token. Tokens are given out at the desk.",
            "Moving to a new telephone takes both telephones. If the old one is lost, come to the desk in person.")),
        ("Accounts for guests", (
            "Guests who stay for more than two weeks get an account for as long as they stay. Their host asks for it.",
            "For shorter visits the guest network is enough.")),
    ),
    "Classrooms": (
        ("Show your laptop on the wall", (
            "Choose the input with the button on the lectern. Laptops without the wide socket need the adapter in the drawer.",
            "A blue picture means that the projector has chosen another input.")),
        ("Borrow a document camera", ("There are six of them. Reserve one at the desk at least a day ahead.",)),
        ("Record a lecture", (
            "The lecture hall of Aldermore House and studio B record by themselves when they are booked with recording.",
            "Elsewhere, take the camera bag from the desk.")),
    ),
    "Hardware": (
        ("When is a new laptop due", (
            "Laptops are replaced after five years, batteries whenever they last for less than an hour.",
            "Repairs take about a week; a loan laptop is ready for you at the desk.")),
        ("Liquid in the keyboard", ("Switch it off, turn it over, bring it in. Do not try whether it still works.",)),
        ("Equipment for working from home", ("Staff may take home a monitor, a keyboard and a chair. The form is here.",)),
    ),
    "Network": (
        ("Wireless network", (
            "The network is called kestrel-staff or kestrel-students. You sign in with your mail address.",
            "Old telephones ask for a certificate: take the one that ends in 2031.")),
        ("Codes for the guest network", (
            "The porter in Aldermore House prints codes for a day. For groups, write to the desk two days ahead.",)),
        ("Reach the shared drives from home", (
            "Start the tunnel first, then connect to the drive. It does not come up by itself.",
            "In hotels the tunnel is often blocked; the web access to the drives works there.")),
    ),
    "Printing": (
        ("Refunds for spoiled prints", ("Keep the spoiled sheets and write to the desk. Pages are credited the same day.",)),
        ("Scan to mail", (
            "Lay the sheets in face up, choose Mail, and hold your card to the reader.",
            "Files above 20 megabytes are not delivered. Choose 200 instead of 600 dots per inch.")),
        ("Posters and large formats", ("The poster printer is in the workshop of the Tern Building. Allow for three days.",)),
        ("Who mends the printers", (
            "The team Printing mends what it can and calls the maker for the rest, which takes a day or two.",
            "Tickets about one printer belong with one agent, so that the technician is called once.")),
    ),
    "Software": (
        ("Programs that you may install yourself", ("The shop on your desktop lists them. Everything in it is licensed.",)),
        ("Licences for statistics programs", ("They end on the last day of February and are renewed by a new code.",)),
        ("Video calls without sound", (
            "Often another output is chosen. Click the loudspeaker in the panel, then the name of your headset.",)),
        ("Ask for a program in a lab", ("Programs for courses are installed in the holidays. Write to us six weeks ahead.",)),
    ),
}  # fmt: skip
PRINTERS = (
    "Printers and their queues",
    (
        "You can print from your own device to every printer of the college. Add a printer, choose the protocol IPP, and enter"
        " the queue and the server from this table. Your name is the first part of your mail address.",
        "Prints wait for six hours. Hold your card to the reader of the printer to get them.",
    ),
)
OLD_PRINTERS = (
    "Printers and their queues (until last summer)",
    ("These are the queues from before the move to the new servers. Most of them have been switched off.",),
)
SIGNATURE = "Kind regards\n{name}\nIT Services, Kestrel College"
